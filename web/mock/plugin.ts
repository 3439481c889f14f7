// Answers the interface from memory for `npm run dev:mock`. `POST /__mock {realm, initialised, offline, empty}` changes its mood.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import { board, detail, duty, isOpen, row } from './views'
import { type Any, assertion, build, CLASSES, entries, entry, geojson, head, incidents, iso, listeners, make, owed, places, report, time, UNITS } from './world'

const mood = { realm: 'live', initialised: true, offline: false, empty: false, totp: false, slow: 0 }
const drafts = new Map<string, Any>()
const attachments = new Map<string, { type: string; bytes: Buffer }>()
const replies = new Map<string, { status: number; body: Any }>()
let all: Any[] = []

const OPERATIONS = ['incident.read', 'incident.take', 'incident.report', 'incident.acknowledge', 'incident.verify', 'incident.follow_up', 'incident.close', 'incident.reveal', 'organisation.read', 'ledger.read', 'stream.read']
const me = () => ({ account_id: 'a1', display_name: '王永胜', person_id: 'p2', unit: { id: 'u-city', name: UNITS.city.unit_name, division: '1501' }, grants: [{ role: 'duty_officer', area: '1501' }], operations: OPERATIONS, totp_enabled: mood.totp })
const node = () => ({ name: '呼和浩特市应急指挥中心', division: '1501', division_name: '呼和浩特市', realm: mood.realm, demo: true, suite: 'gm', initialised: mood.initialised, version: '0.1.0', position: head(), now: iso(Date.now()), origin: 'hohhot-demo' })

class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, readonly extra: object = {}) {
    super(code)
  }
}
async function bytesOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function stream(req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const send = (e: Any): void => void res.write(`id: ${e.position}\nevent: entry\ndata: ${JSON.stringify(e)}\n\n`)
  res.write(`event: hello\ndata: ${JSON.stringify({ position: head(), now: iso(Date.now()) })}\n\n`)
  entries.filter((e) => e.position > Number(req.headers['last-event-id'] ?? head())).forEach(send)
  listeners.add(send)
  const ping = setInterval(() => (mood.offline ? res.destroy() : res.write(': ping\n\n')), 1_000)
  res.on('close', () => {
    listeners.delete(send)
    clearInterval(ping)
  })
}

function take(body: Any): Any {
  const p = all.find((x) => x.code === body.division)
  const c = CLASSES.find((x) => x.code === body.event_class)
  if (!p || !c) throw new Refusal(422, 'request.invalid', { fields: [{ field: p ? 'event_class' : 'division', code: 'required' }] })
  const now = Date.now()
  const i = make({ title: body.title ?? `${p.full_name}${c.name}`, cls: c.code, division: p.code, place: p.full_name, received: now, taken: UNITS.city, text: body.text, address: body.address, point: body.point, channel: body.channel })
  i.times = [...Object.entries(body.times ?? {}).map(([kind, t]: [string, Any]) => ({ kind, precision: 'minute', ...t, recorded_at: iso(now), by: '王永胜', current: true })), time('recorded', now, '系统', now, '王永胜')]
  i.obligations.push(owed(UNITS.city, UNITS.region, now))
  for (const x of body.casualties ?? []) assertion(i, x.kind, x.value, x.source, now, '王永胜')
  i.attachments = (body.attachments ?? []).map((digest: string) => ({ digest, name: digest, media_type: 'image/jpeg', bytes: 1 }))
  return { ...detail(i, null), position: entry('incident.received', now, i, { unit_name: UNITS.city.unit_name }, '王永胜', UNITS.city) }
}

function act(i: Any, what: string, body: Any): Any {
  const now = Date.now()
  const u = UNITS.city
  const say = (kind: string, params: object): number => entry(kind, now, i, params, '王永胜', u)
  if (!isOpen(i)) throw new Refusal(409, 'incident.closed')
  if (what === 'report') {
    const o = i.obligations.find((x: Any) => !x.met_at)
    if (o) o.met_at = iso(now)
    report(i, i.holder, UNITS.region, now, '王永胜', body.text ?? '')
    i.status = 'reported'
    say('incident.reported_up', { from_unit: i.holder.unit_name, to_unit: UNITS.region.unit_name })
  } else if (what === 'acknowledge') {
    const r = i.reports.find((x: Any) => x.id === body.report_id && !x.acknowledged_at)
    if (!r) throw new Refusal(409, 'incident.no_such_report')
    r.acknowledged_at = iso(now)
    r.acknowledged_by = '王永胜'
    say('incident.acknowledged', { unit_name: u.unit_name })
  } else if (what === 'verify') {
    i.status = 'verified'
    say('incident.verified', { unit_name: u.unit_name, verdict: body.verdict })
  } else if (what === 'follow-ups') {
    for (const x of body.casualties ?? []) assertion(i, x.kind, x.value, x.source, now, '王永胜')
    say('incident.followed_up', { unit_name: u.unit_name })
  } else if (what === 'close') {
    i.status = body.outcome === 'dismissed' ? 'dismissed' : 'closed'
    say('incident.closed', { outcome: body.outcome })
  }
  return detail(i, null)
}

function findPlaces(q: URLSearchParams): Any {
  const words = (q.get('q') ?? '').toLowerCase()
  const found = all.filter((p) => (!q.get('level') || p.level === q.get('level')) && (!q.get('parent') || p.parent === q.get('parent')) && (!words || p.name.includes(words) || p.full_name.includes(words) || (p.initials && p.initials.startsWith(words)) || p.code.startsWith(words)))
  return { items: found.slice(0, Number(q.get('limit') ?? 50)), next: null, total: found.length }
}
function list(q: URLSearchParams): Any {
  const status = q.get('status') ?? 'all'
  let found = incidents.filter((i) => (status === 'all' || (status === 'open') === isOpen(i)) && (!q.get('q') || JSON.stringify(i).includes(q.get('q')!)) && i.division.startsWith(q.get('area') ?? '') && (!q.get('event_class') || i.event_class.startsWith(q.get('event_class')!)) && (!q.get('grade') || i.grade === q.get('grade'))).map(row)
  if (q.get('overdue')) found = found.filter((i) => i.overdue)
  found.sort((a, b) => (q.get('sort') === 'deadline' ? Date.parse(a.nearest_due_at ?? '2099-01-01') - Date.parse(b.nearest_due_at ?? '2099-01-01') : Date.parse(b.received_at) - Date.parse(a.received_at)))
  const start = Number(q.get('after') ?? 0)
  const size = Math.min(10, Number(q.get('limit') ?? 50))
  return { items: found.slice(start, start + size), next: start + size < found.length ? String(start + size) : null, total: found.length }
}
function search(q: URLSearchParams): Any {
  const words = q.get('q') ?? ''
  const hits = incidents.filter((i) => i.title.includes(words)).slice(0, 6).map((i) => ({ kind: 'incident', id: i.id, title: i.title, subtitle: i.code, href: `/incidents/${i.id}` }))
  const named = all.filter((p) => p.name.includes(words)).slice(0, 4).map((p) => ({ kind: 'division', id: p.code, title: p.full_name, subtitle: p.code, href: `/organisation?division=${p.code}` }))
  return { items: [...hits, ...named] }
}

function answer(method: string, path: string, q: URLSearchParams, body: Any, signedIn: boolean): { status: number; body: Any } {
  const ok = (b: Any, status = 200) => ({ status, body: b })
  const on = (m: string, p: string): boolean => m === method && p === path
  if (on('GET', '/node')) return ok(node())
  if (on('POST', '/sessions')) {
    if (body.name === 'locked') throw new Refusal(401, 'session.locked', { detail: `the account is locked until ${iso(Date.now() + 9 * 60_000)}` })
    if (body.password !== 'anlan') throw new Refusal(401, 'session.wrong_credentials')
    if (body.name === 'totp' && body.totp !== '123456') throw new Refusal(401, 'session.totp_required')
    return ok({ token: 't', expires_at: iso(Date.now() + 9e7), account: me() }, 201)
  }
  if (!signedIn) throw new Refusal(401, 'session.missing')
  if (on('DELETE', '/sessions/current')) return ok(null, 204)
  if (on('GET', '/me')) return ok(me())
  if (on('POST', '/me/totp')) return ok({ secret: 'JBSWY3DPEHPK3PXP', otpauth_url: 'otpauth://totp/anlan:zhiban?secret=JBSWY3DPEHPK3PXP&issuer=anlan' })
  if (on('POST', '/me/totp/confirm')) return (mood.totp = true), ok(null, 204)
  if (on('DELETE', '/me/totp')) return (mood.totp = false), ok(null, 204)
  if (on('POST', '/me/password')) return ok(null, 204)
  if (on('GET', '/divisions')) return ok(findPlaces(q))
  if (on('GET', '/duty/now')) return ok(duty())
  if (on('GET', '/event-classes')) return ok({ items: CLASSES, next: null, total: CLASSES.length })
  if (on('GET', '/search')) return ok(search(q))
  if (on('GET', '/incidents/board')) return ok(mood.empty ? { items: [], counts: { open: 0, overdue: 0, unverified: 0 }, nearest: null } : board())
  if (on('GET', '/incidents/duplicates')) return ok(incidents.filter((i) => isOpen(i) && i.division.startsWith((q.get('division') ?? '').slice(0, 6)) && i.event_class === q.get('event_class')).map((i) => ({ incident: row(i), reasons: ['same_place', 'same_class'], score: 0.8 })))
  if (on('GET', '/incidents')) return ok(list(q))
  if (on('POST', '/incidents')) return ok(take(body), 201)
  if (on('GET', '/drafts')) return ok([...drafts].map(([id, json]) => ({ id, json })))
  const draft = /^\/drafts\/(.+)$/.exec(path)
  if (draft && method === 'PUT') return drafts.set(draft[1]!, body.json), ok(null, 204)
  if (draft && method === 'DELETE') return drafts.delete(draft[1]!), ok(null, 204)
  const one = /^\/incidents\/([^/]+)(?:\/(.+))?$/.exec(path)
  const i = one && incidents.find((x) => x.id === one[1])
  if (one && !i) throw new Refusal(404, 'incident.not_found')
  if (one && i && method === 'GET' && !one[2]) return ok(detail(i, q.get('as_of')))
  if (one && i && one[2] === 'timeline') {
    const at = q.get('as_of')
    return ok({ items: entries.filter((e) => e.stream === `incident/${i.id}` && (!at || (/^\d+$/.test(at) ? e.position <= Number(at) : Date.parse(e.at) <= Date.parse(at)))), next: null, total: null })
  }
  if (one && i && one[2] === 'reveal-caller') return entry('incident.caller_revealed', Date.now(), i, {}, '王永胜', UNITS.city), ok({ name: '张建军', phone: '10012344471' })
  if (one && i && method === 'POST') return ok(act(i, one[2]!, body))
  throw new Refusal(404, 'client.status_404')
}

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://mock')
  const path = url.pathname.replace('/api/v1', '')
  if (mood.offline) return void res.destroy()
  if (path === '/stream') return stream(req, res)
  const bytes = await bytesOf(req)
  if (path === '/attachments') {
    const digest = `sha-${attachments.size}`
    attachments.set(digest, { type: 'image/png', bytes })
    return reply(res, 201, { digest, name: digest, media_type: 'image/png', bytes: bytes.length })
  }
  const key = req.headers['idempotency-key'] as string | undefined
  const known = key ? replies.get(key) : undefined
  try {
    const done = known ?? answer(req.method ?? 'GET', path, url.searchParams, bytes.length ? JSON.parse(bytes.toString()) : {}, /mock=1/.test(req.headers.cookie ?? ''))
    if (key) replies.set(key, done)
    if (path === '/sessions') res.setHeader('set-cookie', 'mock=1; Path=/; HttpOnly')
    if (path === '/sessions/current') res.setHeader('set-cookie', 'mock=; Path=/; Max-Age=0')
    reply(res, done.status, done.body)
  } catch (error) {
    const r = error instanceof Refusal ? error : new Refusal(500, 'mock.failed', { detail: String(error) })
    reply(res, r.status, { type: 'about:blank', title: '', status: r.status, code: r.code, ...r.extra }, 'application/problem+json')
  }
}
function reply(res: ServerResponse, status: number, body: Any, type = 'application/json'): void {
  res.writeHead(status, { 'content-type': type })
  res.end(status === 204 ? undefined : JSON.stringify(body))
}

type Middlewares = { use: (handler: (req: IncomingMessage, res: ServerResponse, next: () => void) => void) => unknown }

function serve(middlewares: Middlewares): void {
  build(Date.now())
  all = places()
  middlewares.use((req, res, next) => {
    const path = (req.url ?? '').split('?')[0]!
    if (path === '/geo/counties.geojson') {
      res.setHeader('content-type', 'application/geo+json')
      res.end(geojson())
    } else if (path === '/__mock') {
      void bytesOf(req).then((b) => {
        Object.assign(mood, JSON.parse(b.toString()))
        res.end('ok')
      })
    } else if (path.startsWith('/api/v1/')) void handle(req, res)
    else next()
  })
}

/** Answers both the development server and the preview of a build. */
export function mockApi(): Plugin {
  return {
    name: 'anlan-mock',
    configureServer: (server) => serve(server.middlewares),
    configurePreviewServer: (server) => serve(server.middlewares),
  }
}
