import type { CasualtyKind, CasualtyView, IncidentRow, Obligation } from '@/api/schema'
import { centreOf, outlineOf, type Outlines } from '@/design/map/geometry'
import type { MapMarker } from '@/design/map/marker'

export const CASUALTY_KINDS: CasualtyKind[] = ['deaths', 'missing', 'trapped', 'seriously_injured', 'injured', 'evacuated']

/** The open obligation that falls due first. */
export function nearestObligation(row: IncidentRow): Obligation | undefined {
  return row.obligations.filter((o) => !o.met_at).sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at))[0]
}

export interface CasualtyText {
  kind: CasualtyKind
  /** `2`, `2 / 3` when sources differ, `?` when asked and unknown. */
  text: string
  conflict: boolean
  view: CasualtyView
}

/** Casualties that anybody has stated, in the order of their weight. */
export function casualtyTexts(row: IncidentRow, unknown: string): CasualtyText[] {
  return CASUALTY_KINDS.flatMap((kind) => {
    const view = row.casualties[kind]
    if (!view) return []
    const show = (value: number | null): string => (value === null ? unknown : String(value))
    const distinct = [...new Set(view.values.map((v) => show(v.value)))]
    const text = view.conflict && distinct.length > 1 ? distinct.join(' / ') : show(view.value)
    return [{ kind, text, conflict: view.conflict, view }]
  })
}

/** Incidents as marks on the map; one that was never located stands, dashed, at the centre of its county. */
export function toMarkers(rows: IncidentRow[], outlines: Outlines | null): MapMarker[] {
  return rows.flatMap((row) => {
    const county = outlines ? outlineOf(outlines, row.division) : undefined
    const at = row.point ? ([row.point.lon, row.point.lat] as [number, number]) : county ? centreOf(county) : null
    if (!at) return []
    const approximate = !row.point || row.point.source === 'text'
    return [{ id: row.id, title: row.title, at, approximate, grade: row.grade, overdue: row.overdue, family: row.event_class.charAt(0) }]
  })
}
