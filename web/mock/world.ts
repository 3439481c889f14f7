// A believable city in memory, for looking at pages without a node. Development only: never part of the bundle.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const demo = (name: string): string => readFileSync(fileURLToPath(new URL(`../../demo/hohhot/${name}`, import.meta.url)), 'utf8')
export const geojson = (): string => demo('counties.geojson')

const MIN = 60_000
export const iso = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().replace(/\.\d+Z$/, '+08:00')

interface Place { code: string; name: string; level: string; parent: string; full_name: string; initials: string }
const INITIALS: Record<string, string> = { 新城区: 'xcq', 回民区: 'hmq', 玉泉区: 'yqq', 赛罕区: 'shq', 土默特左旗: 'tmtzq', 托克托县: 'tktx', 和林格尔县: 'hlgex', 清水河县: 'qshx', 武川县: 'wcx', 可可以力更镇: 'kkylgz', 双河镇: 'shz', 城关镇: 'cgz', 哈乐镇: 'hlz', 盛乐镇: 'slz' }
export function places(): Place[] {
  const raw = JSON.parse(demo('divisions.json')) as { areas: { code: string; name: string }[]; streets: { code: string; name: string; area: string }[]; villages: { code: string; name: string; street: string; area: string }[] }
  const areaName = new Map(raw.areas.map((a) => [a.code, a.name]))
  const streetName = new Map(raw.streets.map((s) => [s.code, s.name]))
  const init = (name: string): string => INITIALS[name] ?? ''
  return [
    { code: '1501', name: '呼和浩特市', level: 'city', parent: '', full_name: '呼和浩特市', initials: 'hhhts' },
    ...raw.areas.map((a) => ({ code: a.code, name: a.name, level: 'county', parent: '1501', full_name: a.name, initials: init(a.name) })),
    ...raw.streets.map((s) => ({ code: s.code, name: s.name, level: 'township', parent: s.area, full_name: `${areaName.get(s.area)}${s.name}`, initials: init(s.name) })),
    ...raw.villages.map((v) => ({ code: v.code, name: v.name, level: 'village', parent: v.street, full_name: `${areaName.get(v.area)}${streetName.get(v.street)}${v.name}`, initials: '' })),
  ]
}

export const CLASSES = [...demo('../../rules/event-classes.toml').matchAll(/\{ code = "(\d+)", name = "([^"]+)", initials = "([a-z]+)", class = "(\w+)"(?:, key = "(\d)")? \}/g)].map((m) => ({
  code: m[1]!, name: m[2]!, initials: m[3]!, class: m[4]!, key: m[5] ?? null,
}))

const unit = (unit_id: string, unit_name: string) => ({ unit_id, unit_name, division: '' })
export const UNITS = {
  city: unit('u-city', '呼和浩特市应急指挥中心值班室'), region: unit('u-region', '自治区应急管理厅'), wuchuan: unit('u-wc', '武川县应急管理局'), tuoketuo: unit('u-tkt', '托克托县应急管理局'),
  shuanghe: unit('u-sh', '双河镇应急管理办公室'), saihan: unit('u-shq', '赛罕区应急管理局'), tuzuo: unit('u-tz', '土默特左旗应急管理局'), village: unit('u-v', '什拉门更村委会'),
}
type UnitRef = ReturnType<typeof unit>
const named = (u: UnitRef) => ({ id: u.unit_id, name: u.unit_name })

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Any = any
let position = 48_200
export const entries: Any[] = []
export const listeners = new Set<(entry: Any) => void>()
export const head = (): number => position

export function entry(kind: string, at: number, incident: Any, params: object, by: string, u?: UnitRef): number {
  position += 1
  const e = { position, origin: 'hohhot-demo', seq: position, kind: `${kind}.v1`, stream: `incident/${incident?.id ?? ''}`, area: incident?.division ?? '1501', recorded_at: iso(at), at: iso(at), headline: { code: kind, params: { title: incident?.title ?? '', ...params } }, actor: { name: by, unit_name: u?.unit_name ?? null } }
  entries.push(e)
  listeners.forEach((l) => l(e))
  return position
}

export const incidents: Any[] = []
const RULE = { id: 'hohhot-30', clause: '呼和浩特市突发事件信息报送规定（试行）第六条', limit_minutes: 30, start_event: 'received' }
let serial = 0

export function owed(from: UnitRef, to: UnitRef, start: number, minutes = 30, met?: number, kind = 'first_report'): Any {
  const due = start + minutes * MIN
  return { id: String(++serial), kind, from_unit: { id: from.unit_id, name: from.unit_name }, to_unit: { id: to.unit_id, name: to.unit_name }, started_at: iso(start), due_at: iso(due), met_at: met ? iso(met) : null, late_because_down: false, rule: { ...RULE, limit_minutes: minutes } }
}
export function stateOf(o: Any, now: number): string {
  if (o.met_at) return Date.parse(o.met_at) > Date.parse(o.due_at) ? 'late' : 'met'
  return now > Date.parse(o.due_at) ? 'overdue' : 'open'
}
export function report(i: Any, from: UnitRef, to: UnitRef, at: number, by: string, text: string, ack?: { at: number; by: string }, late = false): void {
  i.reports.push({ id: String(i.reports.length + 1), serial: i.reports.length ? 'follow_up' : 'first', number: i.reports.length + 1, from_unit: named(from), to_unit: named(to), sent_at: iso(at), sent_by: by, text, late, acknowledged_at: ack ? iso(ack.at) : null, acknowledged_by: ack?.by ?? null })
}
export function time(kind: string, at: number, source: string, recorded: number, by: string, precision = 'minute'): Any {
  return { kind, at: iso(at), precision, source, recorded_at: iso(recorded), by, current: true }
}
export function assertion(i: Any, kind: string, value: number | null, source: string, at: number, by: string): void {
  i.assertions.push({ id: String(i.assertions.length + 1), kind, value, source, unit_name: by, at: iso(at), superseded_by: null })
}

export function make(o: Partial<Any> & { title: string; cls: string; division: string; place: string; received: number; taken: UnitRef }): Any {
  serial += 1
  const c = CLASSES.find((x) => x.code === o.cls)
  const i = {
    id: `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`, code: `${o.division.slice(0, 6)}-${iso(o.received).slice(0, 10).replaceAll('-', '')}-${String(serial % 9 + 1).padStart(3, '0')}`,
    title: o.title, event_class: o.cls, event_class_name: c?.name ?? '', grade: o['grade'] ?? 'unknown', status: o['status'] ?? 'received', division: o.division, division_name: o.place, address: o['address'] ?? null, point: o['point'] ?? null,
    text: o['text'] ?? '', channel: o['channel'] ?? 'phone', caller: o['caller'] ?? { name_masked: '张**', phone_masked: '100****4471', sealed: true },
    times: [time('received', o.received, '值班员', o.received, '值班员'), time('recorded', o.received + 40_000, '系统', o.received + 40_000, '值班员')], assertions: [] as Any[], reports: [] as Any[], followups: [] as Any[], obligations: [] as Any[], taken_by: o.taken, holder: o['holder'] ?? o.taken, version: 3, attachments: [] as Any[],
  }
  incidents.push(i)
  return i
}

/** Fills the city, seen from `now`. */
export function build(now: number): void {
  const u = UNITS
  for (let n = 0; n < 14; n++) {
    const names = [['20200', '赛罕区鄂尔多斯大街两车追尾', '150105', '赛罕区'], ['20100', '新城区海拉尔东路居民楼厨房起火', '150102', '新城区'], ['20300', '回民区燃气管道泄漏', '150103', '回民区'], ['12000', '清水河县大风致大棚倒塌', '150124', '清水河县']][n % 4]!
    const at = now - (n + 2) * 26 * 60 * MIN
    const i = make({ title: names[1]!, cls: names[0]!, division: names[2]!, place: names[3]!, received: at, taken: u.saihan, holder: u.city, status: n === 5 ? 'dismissed' : 'closed', grade: n % 5 === 0 ? 'large' : 'ordinary', text: '已处置完毕。' })
    i.obligations.push(owed(u.saihan, u.city, at, 30, at + (n === 3 ? 44 : 12) * MIN))
    report(i, u.saihan, u.city, at + 12 * MIN, '值班员', '', { at: at + 14 * MIN, by: '王永胜' }, n === 3)
  }
  const d = make({ title: '土默特左旗 G6 高速多车追尾', cls: '20200', division: '150121', place: '土默特左旗', address: 'G6 京藏高速 K478', received: now - 37 * MIN, taken: u.tuzuo, grade: 'ordinary', point: { lon: 111.15, lat: 40.74 }, text: 'G6 高速 K478 处四车追尾，一辆货车侧翻，占用两条车道，交警已到场。' })
  assertion(d, 'deaths', 1, '公安交管', now - 30 * MIN, '李晓东'); assertion(d, 'injured', 4, '公安交管', now - 30 * MIN, '李晓东')
  d.obligations.push(owed(u.tuzuo, u.city, now - 37 * MIN))
  const c = make({ title: '赛罕区昭乌达路居民楼火情', cls: '20100', division: '150105', place: '赛罕区', address: '昭乌达路 86 号', received: now - 240 * MIN, taken: u.saihan, holder: u.city, status: 'verified', grade: 'ordinary', point: { lon: 111.71, lat: 40.8 }, text: '六层居民楼三层起火，明火已灭，正在逐户排查。' })
  assertion(c, 'deaths', 0, '消防救援支队', now - 200 * MIN, '赵海龙'); assertion(c, 'evacuated', 42, '社区', now - 200 * MIN, '赵海龙')
  c.obligations.push(owed(u.saihan, u.city, now - 240 * MIN, 30, now - 221 * MIN), owed(u.city, u.region, now - 30 * MIN, 120, undefined, 'follow_up'))
  report(c, u.saihan, u.city, now - 221 * MIN, '赵海龙', '', { at: now - 219 * MIN, by: '王永胜' })
  const a = make({ title: '武川县可可以力更镇液化气站泄漏', cls: '20300', division: '150125100', place: '武川县可可以力更镇', address: '青山路北 200 米 液化气站', received: now - 17 * MIN, taken: u.wuchuan, grade: 'large', status: 'received', point: { lon: 111.46, lat: 41.1 }, text: '119 转接：液化气站储罐阀门泄漏，现场有明显气味，站内工人称两人头晕。已通知附近居民撤离，消防车在途。' })
  a.times.push(time('occurred', now - 24 * MIN, '报告人', now - 17 * MIN, '值班员', 'about'), time('occurred', now - 31 * MIN, '液化气站值班记录', now - 9 * MIN, '孙丽'), time('learned', now - 18 * MIN, '119', now - 17 * MIN, '值班员'))
  assertion(a, 'deaths', 0, '报告人', now - 16 * MIN, '值班员'); assertion(a, 'injured', 2, '报告人', now - 16 * MIN, '值班员'); assertion(a, 'injured', 3, '县医院', now - 8 * MIN, '孙丽'); assertion(a, 'missing', null, '报告人', now - 16 * MIN, '值班员')
  a.obligations.push(owed(u.wuchuan, u.city, now - 17 * MIN))
  const b = make({ title: '托克托县双河镇河堤渗水', cls: '11400', division: '150122100', place: '托克托县双河镇', received: now - 4 * MIN, taken: u.shuanghe, text: '巡堤员报告：黄河左岸堤脚渗水约两米宽，水清，正在装沙袋。', channel: 'message' })
  b.obligations.push(owed(u.shuanghe, u.tuoketuo, now - 4 * MIN))
  const log: [string, Any, number, object, string, UnitRef?][] = [
    ['incident.received', c, 240, { unit_name: u.saihan.unit_name }, '赵海龙', u.saihan], ['incident.reported_up', c, 221, { from_unit: u.saihan.unit_name, to_unit: u.city.unit_name }, '赵海龙', u.saihan], ['incident.acknowledged', c, 219, { unit_name: u.city.unit_name }, '王永胜', u.city],
    ['incident.verified', c, 200, { unit_name: u.city.unit_name, verdict: 'true' }, '王永胜', u.city], ['incident.received', d, 37, { unit_name: u.tuzuo.unit_name }, '李晓东', u.tuzuo], ['incident.casualty_stated', d, 30, { kind: 'deaths', source: '公安交管' }, '李晓东', u.tuzuo],
    ['incident.received', a, 17, { unit_name: u.wuchuan.unit_name }, '孙丽', u.wuchuan], ['incident.casualty_stated', a, 16, { kind: 'injured', source: '报告人' }, '孙丽', u.wuchuan], ['incident.time_stated', a, 9, { kind: 'occurred', source: '液化气站值班记录' }, '孙丽', u.wuchuan], ['incident.casualty_stated', a, 8, { kind: 'injured', source: '县医院' }, '孙丽', u.wuchuan],
    ['incident.deadline_passed', d, 7, {}, '规则'], ['incident.received', b, 4, { unit_name: u.shuanghe.unit_name }, '巴特尔', u.shuanghe],
  ]
  log.sort((x, y) => y[2] - x[2]).forEach(([kind, i, ago, params, by, at]) => entry(kind, now - ago * MIN, i, params, by, at))
}
