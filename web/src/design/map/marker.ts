import type { Grade } from '@/api/schema'
import type { LonLat } from './geometry'

export interface MapMarker {
  id: string
  title: string
  at: LonLat
  /** The place was only named, never located: drawn dashed. */
  approximate: boolean
  grade: Grade
  overdue: boolean
  /** First digit of the event class: 1 natural, 2 accident, 3 health, 4 social. */
  family: string
}

/** How far above its county's centre an approximate mark stands, in pixels. */
export const APPROXIMATE_LIFT = 20

/** Outline by family: circle, diamond, square, hexagon. */
export const FAMILY_SHAPE: Record<string, string> = {
  '1': 'M12 4a8 8 0 100 16 8 8 0 000-16z',
  '2': 'M12 2.5L21.5 12 12 21.5 2.5 12z',
  '3': 'M5 5h14v14H5z',
  '4': 'M7 4h10l5 8-5 8H7l-5-8z',
}

/** The CSS classes of a marker, shared by both drawings. */
export function markerClasses(marker: MapMarker, selected: boolean): string[] {
  return ['marker', marker.grade, ...(marker.approximate ? ['approximate'] : []), ...(marker.overdue ? ['overdue'] : []), ...(selected ? ['selected'] : [])]
}

export function shapeOf(marker: MapMarker): string {
  return FAMILY_SHAPE[marker.family] ?? FAMILY_SHAPE['1']!
}

/** How far apart marks must stand to be told apart and to be hit with a finger, in pixels. */
const GAP = 30

/** Moves marks that would lie on each other aside; the first of a place keeps it. */
export function spread(points: LonLat[]): LonLat[] {
  const placed: LonLat[] = []
  const isFree = (at: LonLat): boolean => placed.every((other) => Math.hypot(other[0] - at[0], other[1] - at[1]) >= GAP)
  for (const point of points) placed.push(around(point).find(isFree) ?? point)
  return placed
}

/** The point itself, then points on growing rings round it. */
function around([x, y]: LonLat): LonLat[] {
  const found: LonLat[] = [[x, y]]
  for (let ring = 1; ring <= 6; ring++) {
    const steps = ring * 6
    for (let step = 0; step < steps; step++) {
      const angle = (2 * Math.PI * step) / steps
      found.push([x + ring * GAP * Math.cos(angle), y + ring * GAP * Math.sin(angle)])
    }
  }
  return found
}
