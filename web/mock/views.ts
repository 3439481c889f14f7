// What the mock answers with, made from the city in memory.
import { type Any, incidents, iso, stateOf } from './world'

export function row(i: Any): Any {
  const now = Date.now()
  const obligations = i.obligations.map((o: Any) => ({ ...o, state: stateOf(o, now) }))
  const pending = obligations.filter((o: Any) => !o.met_at)
  const due = pending.map((o: Any) => o.due_at).sort()[0] ?? null
  const casualties: Any = {}
  for (const kind of ['deaths', 'missing', 'trapped', 'seriously_injured', 'injured', 'evacuated']) {
    const current = i.assertions.filter((a: Any) => a.kind === kind && !a.superseded_by)
    if (!current.length) continue
    const conflict = new Set(current.map((a: Any) => a.value)).size > 1
    casualties[kind] = { value: conflict ? null : current[0].value, conflict, values: current.map((a: Any) => ({ value: a.value, source: a.source })) }
  }
  const at = (kind: string): string | null => i.times.find((t: Any) => t.kind === kind)?.at ?? null
  const { id, code, title, event_class, event_class_name, grade, status, division, division_name, address, point, taken_by, holder, version } = i
  return { id, code, title, event_class, event_class_name, grade, status, division, division_name, address, point, taken_by, holder, version, position: 0, occurred_at: at('occurred'), learned_at: at('learned'), received_at: at('received'), recorded_at: at('recorded'), casualties, obligations: pending, nearest_due_at: due, overdue: pending.some((o: Any) => o.state === 'overdue') }
}
export const isOpen = (i: Any): boolean => !['closed', 'dismissed'].includes(i.status)

export function detail(i: Any, asOf: string | null): Any {
  const full = { ...row(i), text: i.text, channel: i.channel, caller: i.caller, times: i.times, assertions: i.assertions, reports: i.reports, followups: i.followups, attachments: i.attachments, all_obligations: i.obligations.map((o: Any) => ({ ...o, state: stateOf(o, Date.now()) })), allowed: isOpen(i) ? ['report_up', 'verify', 'follow_up', 'close', ...(i.reports.some((r: Any) => !r.acknowledged_at) ? ['acknowledge'] : [])] : [], as_of: null }
  if (!asOf) return full
  const at = /^\d+$/.test(asOf) ? null : Date.parse(asOf)
  const before = (x: string): boolean => at === null || Date.parse(x) <= at
  return { ...full, allowed: [], as_of: { position: 1 }, reports: full.reports.filter((r: Any) => before(r.sent_at)), assertions: full.assertions.filter((a: Any) => before(a.at)), times: full.times.filter((t: Any) => before(t.recorded_at)) }
}

export function board(): Any {
  const items = incidents.filter(isOpen).map(row).sort((a, b) => Date.parse(a.nearest_due_at ?? '2099-01-01') - Date.parse(b.nearest_due_at ?? '2099-01-01'))
  const first = items.find((i) => i.obligations.length)
  const o = first?.obligations.sort((x: Any, y: Any) => Date.parse(x.due_at) - Date.parse(y.due_at))[0]
  return { items, counts: { open: items.length, overdue: items.filter((i) => i.overdue).length, unverified: items.filter((i) => i.status !== 'verified').length, on_time_rate: 0.986 }, nearest: o ? { incident_id: first!.id, title: first!.title, obligation: o.kind, due_at: o.due_at, to_unit_name: o.to_unit.name } : null }
}
export const duty = (): Any => ({
  items: [
    { unit_id: 'u-city', unit_name: '呼和浩特市应急指挥中心', duty_role: 'leader', person_id: 'p1', person_name: '高建国', mobile_masked: '100****0001', until: iso(Date.now() + 5e6) },
    { unit_id: 'u-city', unit_name: '呼和浩特市应急指挥中心', duty_role: 'main', person_id: 'p2', person_name: '王永胜', mobile_masked: '100****0002', until: iso(Date.now() + 5e6) },
    { unit_id: 'u-city', unit_name: '呼和浩特市应急指挥中心', duty_role: 'deputy', person_id: 'p3', person_name: '乌兰', mobile_masked: '100****0003', until: iso(Date.now() + 5e6) },
  ],
})
