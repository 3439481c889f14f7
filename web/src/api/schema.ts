/** The wire types of the HTTP interface, written by hand; newer pages use those generated from `docs/openapi.json`. */

export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail?: string
  fields?: FieldProblem[]
  request_id?: string
  locked_until?: string
}
export interface FieldProblem {
  field: string
  code: string
  expected?: string
  detail?: string
}
export interface Page<T> {
  items: T[]
  next: string | null
  total: number | null
}
export interface Named {
  id: string
  name: string
}

export interface NodeInfo {
  name: string
  division: string
  division_name: string
  realm: string
  demo: boolean
  suite: 'gm' | 'intl'
  initialised: boolean
  version: string
  position: number
  now: string
  origin?: string
  started_at?: string
}
export interface Me {
  account_id: string
  display_name: string
  person_id?: string | null
  unit?: { id: string; name: string; division: string } | null
  post?: string | null
  grants: { role: string; area: string; department?: string | null }[]
  /** Operation ids of the interface that the account may use somewhere. */
  operations: string[]
  must_change_password?: boolean
  totp_enabled?: boolean
  /** Nothing else is possible before a second factor is in use. */
  must_enrol_totp?: boolean
}

export type DivisionLevel = 'province' | 'city' | 'county' | 'township' | 'village' | 'grid' | 'household'
export interface Division {
  code: string
  name: string
  level: DivisionLevel
  parent: string | null
  full_name: string
  initials: string
  lon?: number | null
  lat?: number | null
}
export interface DutyNow {
  unit_id: string
  unit_name: string
  duty_role: 'leader' | 'main' | 'deputy'
  person_id: string
  person_name: string
  mobile_masked?: string | null
  until?: string | null
}

export type Grade = 'extraordinary' | 'major' | 'large' | 'ordinary' | 'unknown'
export type IncidentStatus = 'received' | 'reported' | 'verified' | 'closed' | 'dismissed' | 'merged'
export type CasualtyKind = 'deaths' | 'injured' | 'seriously_injured' | 'missing' | 'trapped' | 'evacuated'
export type Channel = 'phone' | 'web' | 'api' | 'message' | 'sensor'
export type TimeKind = 'occurred' | 'learned' | 'received' | 'recorded'
export type Precision = 'minute' | 'hour' | 'day' | 'about'
export type IncidentAction = 'report_up' | 'acknowledge' | 'verify' | 'follow_up' | 'close' | 'assert' | 'attach' | 'grade' | 'add_call' | 'enquire' | 'decide' | 'merge' | 'split'

export interface Point {
  lon: number
  lat: number
  datum?: 'cgcs2000' | 'wgs84' | 'gcj02'
  source?: 'map' | 'gps' | 'text'
}
export interface CasualtyView {
  value: number | null
  conflict: boolean
  values: { value: number | null; source: string }[]
}
export interface UnitRef {
  unit_id: string
  unit_name: string
  division?: string
}
export interface Obligation {
  id: string
  kind: 'first_report' | 'preliminary_check' | 'change_report' | 'acknowledge' | 'verify' | 'follow_up' | 'final_report'
  from_unit: Named
  to_unit: Named
  started_at: string
  due_at: string
  met_at?: string | null
  state: 'open' | 'met' | 'late' | 'overdue'
  late_because_down: boolean
  rule: { id: string; clause: string; limit_minutes: number; start_event: TimeKind; immediately?: boolean }
  about?: string
  notices?: { stage: string; at: string; late_because_down: boolean; recipients: { role: string; unit: UnitRef; name?: string }[] }[]
}
export interface IncidentRow {
  id: string
  code: string
  title: string
  event_class: string
  event_class_name: string
  grade: Grade
  status: IncidentStatus
  division: string
  division_name: string
  address?: string | null
  point?: Point | null
  occurred_at?: string | null
  learned_at?: string | null
  received_at: string | null
  recorded_at: string | null
  taken_by: UnitRef
  casualties: Partial<Record<CasualtyKind, CasualtyView>>
  obligations: Obligation[]
  nearest_due_at?: string | null
  overdue: boolean
  holder: UnitRef
  version: number
  position: number
}
export interface TimeStatement {
  kind: TimeKind
  at: string
  precision: Precision
  source: string
  /** When the statement was recorded. */
  recorded_at?: string
  by: string
  current: boolean
}
/** A casualty figure by one source; `superseded_by` is the statement that replaced it. */
export interface Assertion {
  id: string
  kind: CasualtyKind
  value: number | null
  source: string
  unit_name: string
  at: string
  superseded_by?: string | null
  origin?: string | null
  moved_to?: string | null
}
export interface Happened {
  at: string
  precision: Precision
  source: string
  confidence: 'confirmed' | 'reported' | 'doubtful'
}
export interface CallShown {
  number: number
  channel: Channel
  text: string
  caller?: { name_masked?: string | null; phone_masked?: string | null; sealed: boolean } | null
  taken_by: Named
  received_at: string
  at: string
  by: string
  origin?: string | null
  moved_to?: string | null
}
export interface Knowledge {
  unit: UnitRef
  manner: string
  time: Happened
  evidence: { kind: string; number: number }
  text: string
  recorded_at: string
  by: string
  position: number
}
export type IncidentRef = { id: string; code: string }
export interface Report {
  id: string
  serial: 'first' | 'follow_up' | 'final'
  ordinal?: number
  receipts?: { unit: Named; at?: string | null; by?: string | null; told_by?: string | null }[]
  changes?: { kind: CasualtyKind; from: number | null; to: number | null }[]
  happened?: Happened | null
  number: number
  from_unit: Named
  to_unit: Named
  sent_at: string
  sent_by: string
  text: string
  late: boolean
  acknowledged_at?: string | null
  acknowledged_by?: string | null
}
export interface FollowUp {
  id: string
  kind: 'verified' | 'followed_up' | 'closed'
  verdict?: string | null
  text: string
  at: string
  by: string
  unit_name: string
}
export interface Attachment {
  digest: string
  name: string
  media_type: string
  bytes: number
  width?: number | null
  height?: number | null
}
export interface IncidentDetail extends IncidentRow {
  text: string
  channel: Channel
  caller?: { name_masked?: string | null; phone_masked?: string | null; sealed: boolean } | null
  times: TimeStatement[]
  assertions: Assertion[]
  reports: Report[]
  followups: FollowUp[]
  attachments?: (Attachment & { present?: boolean })[]
  calls?: CallShown[]
  knowledge?: Knowledge[]
  decisions?: { kind: CasualtyKind; chosen: number; over: number[]; reason: string; unit: UnitRef; at: string; by: string }[]
  grades?: { grade: Exclude<Grade, 'unknown'> | 'none'; reason: string; rule?: string | null; unit: UnitRef; at: string; by: string }[]
  enquiries?: { from_unit: UnitRef; to_unit: UnitRef; text: string; at: string; by: string }[]
  suggested_grades?: { grade?: Exclude<Grade, 'unknown'> | 'none' | null; name: string; rule: string; clause: string; decides: boolean; provisional: boolean; unknown: string[] }[]
  updates?: { kind: string; span: string; due_at?: string | null; rule: string; clause: string; decides: boolean }[]
  merged_into?: IncidentRef | null
  absorbed?: IncidentRef[]
  split_from?: IncidentRef | null
  split_into?: IncidentRef[]
  all_obligations: Obligation[]
  allowed: IncidentAction[]
  as_of?: { position: number; at?: string } | null
}
export interface NewIncident {
  client_ref?: string
  channel: Channel
  event_class: string
  title?: string
  text: string
  division: string
  address?: string
  point?: Point
  caller?: { name?: string; phone?: string }
  times: Partial<Record<'occurred' | 'learned' | 'received', { at: string; precision?: Precision; source: string }>>
  casualties?: { kind: CasualtyKind; value: number | null; source: string }[]
  attachments?: string[]
  confirm_not_duplicate?: string[]
}
export interface Duplicate {
  incident: IncidentRow
  reasons: string[]
  score: number
}
export interface Board {
  items: IncidentRow[]
  counts: { open: number; overdue: number; unverified: number; on_time_rate?: number | null }
  nearest: { incident_id: string; title: string; obligation: Obligation['kind']; due_at: string; to_unit_name: string } | null
}
export interface EventClass {
  code: string
  name: string
  class: 'natural' | 'accident' | 'health' | 'social'
  key?: string | null
  initials?: string | null
}
export interface Actor {
  name?: string | null
  unit_name?: string | null
  rule?: string | null
}
export interface Headline {
  code: string
  params: Record<string, string | number | null>
}
export interface TimelineItem {
  position: number
  origin: string
  seq: number
  at: string
  kind: string
  headline: Headline
  actor: Actor
  stream?: string
}
export interface StreamEntry {
  position: number
  origin: string
  seq: number
  kind: string
  stream: string
  area: string
  recorded_at: string
  headline: Headline
  actor: Actor
}
export interface SearchHit {
  kind: 'incident' | 'unit' | 'person' | 'division' | 'body'
  id: string
  title: string
  subtitle?: string | null
  href: string
}
export interface Draft {
  id: string
  json: Record<string, unknown>
  updated_at?: string
}

type Json<T> = { content: { 'application/json': T } }
interface Params {
  query?: object
  path?: object
  header?: { 'Idempotency-Key'?: string }
}
interface Op<P extends Params, Ok> {
  parameters: P
  responses: { 200: Json<Ok>; default: { content: { 'application/problem+json': Problem } } }
}
interface BodyOp<P extends Params, Body, Ok> extends Op<P, Ok> {
  requestBody: Json<Body>
}
type Id = { path: { id: string } }
type Keyed = { header?: { 'Idempotency-Key'?: string } }
type Versioned = { expected_version?: number }
type Act<Body> = { post: BodyOp<Id & Keyed, Body & Versioned, IncidentDetail> }

export interface CityView {
  counties: { unit: UnitRef; division_name: string; open: number; overdue: number; nearest_incident?: string | null; nearest_title?: string | null; nearest_kind?: string | null; nearest_from?: string | null; nearest_due_at?: string | null; last_heard_at?: string | null; silent_minutes?: number | null; daily: 'given' | 'due' | 'missing' | 'unknown'; daily_due_at?: string | null; daily_given_at?: string | null }[]
  watches: { id: string; title: string; area: string; since: string; until?: string | null; every_minutes: number; units: number; silent_count: number; silent: { unit: UnitRef; last_heard_at?: string | null; silent_minutes: number }[] }[]
  as_of?: { position: number; at: string } | null
}

export type IncidentQuery = {
  status?: 'open' | 'closed' | 'all'
  area?: string
  event_class?: string
  grade?: string
  q?: string
  from?: string
  to?: string
  overdue?: boolean
  sort?: 'deadline' | 'recent'
  limit?: number
  after?: string
}

export interface paths {
  '/node': { get: Op<object, NodeInfo> }
  '/sessions': { post: BodyOp<object, { name: string; password: string; totp?: string }, { token: string; expires_at: string; account: Me }> }
  '/sessions/current': { delete: Op<object, never> }
  '/me': { get: Op<object, Me> }
  '/me/password': { post: BodyOp<object, { current: string; new: string }, unknown> }
  '/me/totp': { post: Op<object, { secret: string; otpauth_url: string }>; delete: BodyOp<object, { code: string }, unknown> }
  '/me/totp/confirm': { post: BodyOp<object, { code: string }, unknown> }
  '/divisions': { get: Op<{ query?: { parent?: string; level?: DivisionLevel; q?: string; limit?: number } }, Page<Division>> }
  '/divisions/{code}': { get: Op<{ path: { code: string } }, Division & { path: { code: string; name: string }[]; children_count: number }> }
  '/duty/now': { get: Op<{ query?: { area?: string } }, Page<DutyNow> | DutyNow[]> }
  '/event-classes': { get: Op<object, Page<EventClass> | EventClass[]> }
  '/incidents': { get: Op<{ query?: IncidentQuery }, Page<IncidentRow>>; post: BodyOp<Keyed, NewIncident, IncidentDetail> }
  '/incidents/board': { get: Op<object, Board> }
  '/incidents/duplicates': { get: Op<{ query: { division: string; event_class?: string; text?: string; occurred_at?: string } }, Page<Duplicate> | Duplicate[]> }
  '/incidents/{id}': { get: Op<Id & { query?: { as_of?: string } }, IncidentDetail> }
  '/incidents/{id}/timeline': { get: Op<Id & { query?: { as_of?: string } }, { items: TimelineItem[] }> }
  '/incidents/{id}/report': Act<{ text?: string }>
  '/incidents/{id}/acknowledge': Act<{ report_id: string }>
  '/incidents/{id}/verify': Act<{ verdict: 'true' | 'partly' | 'false' | 'unverified'; note: string }>
  '/incidents/{id}/follow-ups': Act<{ text: string; casualties?: NewIncident['casualties']; attachments?: string[] }>
  '/incidents/{id}/casualties': Act<{ kind: CasualtyKind; value: number | null; source: string; supersedes?: string[] }>
  '/incidents/{id}/times': Act<{ kind: TimeKind; at: string; precision: Precision; source: string; note?: string }>
  '/incidents/{id}/close': Act<{ outcome: 'handled' | 'dismissed'; text: string }>
  '/incidents/{id}/reveal-caller': { post: BodyOp<Id & Keyed, { reason: string }, { name?: string | null; phone?: string | null }> }
  '/incidents/{id}/attachments': Act<{ digest: string; name: string }>
  '/incidents/{id}/decisions': Act<{ kind: CasualtyKind; chosen: number; reason: string }>
  '/incidents/{id}/merge': Act<{ into: string; reason: string }>
  '/incidents/city': { get: Op<{ query?: { as_of?: string } }, CityView> }
  '/zero-reports': { post: BodyOp<Keyed, { text?: string; watch?: string }, { unit: UnitRef }> }
  '/watches': { post: BodyOp<Keyed, { title: string; area: string; every_minutes: number; until?: string }, { id: string }> }
  '/drafts': { get: Op<object, Page<Draft> | Draft[]> }
  '/drafts/{id}': { put: BodyOp<Id, { json: Record<string, unknown> }, unknown>; delete: Op<Id, never> }
  '/search': { get: Op<{ query: { q: string; limit?: number } }, { items: SearchHit[] }> }
}
