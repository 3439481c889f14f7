import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson'

export type Outline = Feature<MultiPolygon | Polygon, { name: string; gb?: string; code?: string }>
export type Outlines = FeatureCollection<MultiPolygon | Polygon, { name: string; gb?: string; code?: string }>
export type LonLat = [number, number]

/** Division code of an outline: `156150125` in the source is `150125` here. */
export function codeOf(outline: Outline): string {
  return outline.properties.code ?? (outline.properties.gb ?? '').slice(3)
}

/** Whether an outline is an urban district: the last two digits of a district's code are 20 or less. */
export function isUrban(outline: Outline): boolean {
  return Number(codeOf(outline).slice(4, 6)) <= 20
}

function rings(outline: Outline): LonLat[][] {
  const geometry = outline.geometry
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  return polygons.map((polygon) => polygon[0] as LonLat[])
}

function areaAndCentre(ring: LonLat[]): { area: number; centre: LonLat } {
  let area = 0
  let x = 0
  let y = 0
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x1, y1] = ring[i]!
    const [x2, y2] = ring[i + 1]!
    const cross = x1 * y2 - x2 * y1
    area += cross
    x += (x1 + x2) * cross
    y += (y1 + y2) * cross
  }
  return { area: Math.abs(area / 2), centre: area === 0 ? (ring[0] ?? [0, 0]) : [x / (3 * area), y / (3 * area)] }
}

/** The centre of an outline's largest ring: where its name stands, and an incident without a place of its own. */
export function centreOf(outline: Outline): LonLat {
  const parts = rings(outline).map(areaAndCentre)
  return parts.reduce((best, part) => (part.area > best.area ? part : best)).centre
}

export interface Bounds {
  west: number
  south: number
  east: number
  north: number
}

export function boundsOf(outlines: Outlines): Bounds {
  const all = outlines.features.flatMap((feature) => rings(feature).flat())
  const lons = all.map(([lon]) => lon)
  const lats = all.map(([, lat]) => lat)
  return { west: Math.min(...lons), south: Math.min(...lats), east: Math.max(...lons), north: Math.max(...lats) }
}

export interface Projection {
  toXY: (at: LonLat) => LonLat
  toLonLat: (xy: LonLat) => LonLat
  width: number
  height: number
}

/** A plain cylinder projection that fits `bounds` into a drawing `width` wide; true enough for a city. */
export function projection(bounds: Bounds, width = 600, margin = 16): Projection {
  const squeeze = Math.cos((((bounds.south + bounds.north) / 2) * Math.PI) / 180)
  const scale = (width - 2 * margin) / ((bounds.east - bounds.west) * squeeze)
  const height = (bounds.north - bounds.south) * scale + 2 * margin
  return {
    width,
    height,
    toXY: ([lon, lat]) => [margin + (lon - bounds.west) * squeeze * scale, margin + (bounds.north - lat) * scale],
    toLonLat: ([x, y]) => [bounds.west + (x - margin) / (squeeze * scale), bounds.north - (y - margin) / scale],
  }
}

/** SVG path of an outline. */
export function pathOf(outline: Outline, { toXY }: Projection): string {
  const draw = (ring: LonLat[]): string => ring.map(toXY).map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  return rings(outline).map((ring) => `M${draw(ring)}Z`).join('')
}

/** The outline that holds a division, by the prefix of its code. */
export function outlineOf(outlines: Outlines, division: string): Outline | undefined {
  return outlines.features.find((feature) => division.startsWith(codeOf(feature)))
}

let loading: Promise<Outlines> | undefined
/** County outlines, read once from the node itself. */
export function loadOutlines(): Promise<Outlines> {
  loading ??= fetch('/geo/counties.geojson').then((response) => {
    if (!response.ok) throw new Error(String(response.status))
    return response.json() as Promise<Outlines>
  })
  loading.catch(() => (loading = undefined))
  return loading
}

let asking: Promise<LonLat[]> | undefined
/** Points of the townships, as far as the node knows them; without them the map is as good, only emptier. */
export function loadPoints(): Promise<LonLat[]> {
  asking ??= fetch('/api/v1/divisions?level=township&limit=200', { credentials: 'same-origin' })
    .then(async (response) => (response.ok ? ((await response.json()) as { items: { lon?: number | null; lat?: number | null }[] }).items : []))
    .then((items) => items.flatMap(({ lon, lat }) => (typeof lon === 'number' && typeof lat === 'number' ? [[lon, lat] as LonLat] : [])))
    .catch(() => [])
  return asking
}
