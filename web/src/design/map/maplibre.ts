// The only file that knows MapLibre; it is loaded when a map is first shown.
import { Map as GlMap, Marker, setWorkerUrl, type StyleSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { boundsOf, centreOf, codeOf, isUrban, type LonLat, type Outlines } from './geometry'
import { APPROXIMATE_LIFT, markerClasses, shapeOf, spread, type MapMarker } from './marker'

setWorkerUrl(workerUrl)

export interface MapHandle {
  setMarkers(markers: MapMarker[], selected: string | null): void
  setPicked(at: LonLat | null): void
  highlight(code: string | null): void
  flyTo(at: LonLat): void
  restyle(): void
  destroy(): void
}
export interface MapOptions {
  container: HTMLElement
  outlines: Outlines
  points: LonLat[]
  onSelect: (id: string) => void
  onPick?: (at: LonLat) => void
  interactive: boolean
  words: { urban: string; map: string }
}

const SVG = 'http://www.w3.org/2000/svg'
/** Below this zoom the four small urban districts share one name. */
const URBAN_ZOOM = 8.9

function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

const asCollection = (points: LonLat[]) => ({ type: 'FeatureCollection' as const, features: points.map((at) => ({ type: 'Feature' as const, properties: {}, geometry: { type: 'Point' as const, coordinates: at } })) })

function style(outlines: Outlines, points: LonLat[]): StyleSpecification {
  const source = { type: 'geojson' as const, data: outlines, maxzoom: 7 }
  return {
    version: 8,
    sources: { counties: source, townships: { type: 'geojson' as const, data: asCollection(points) } },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': css('--water') } },
      { id: 'land', type: 'fill', source: 'counties', paint: { 'fill-color': css('--land') } },
      { id: 'lit', type: 'fill', source: 'counties', filter: ['==', ['get', 'gb'], ''], paint: { 'fill-color': css('--brand'), 'fill-opacity': 0.12 } },
      { id: 'edge', type: 'line', source: 'counties', paint: { 'line-color': css('--land-line'), 'line-width': 0.8 } },
      { id: 'townships', type: 'circle', source: 'townships', paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 7, 1.6, 10, 4], 'circle-color': css('--land-line'), 'circle-opacity': 0.7 } },
      { id: 'lit-edge', type: 'line', source: 'counties', filter: ['==', ['get', 'gb'], ''], paint: { 'line-color': css('--brand'), 'line-width': 1.6 } },
    ],
  }
}

function markerElement(marker: MapMarker, selected: boolean): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = markerClasses(marker, selected).join(' ')
  button.setAttribute('aria-label', marker.title)
  button.title = marker.title
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', shapeOf(marker))
  svg.append(path)
  button.append(svg)
  return button
}

function label(text: string, urban: boolean): HTMLElement {
  const span = document.createElement('span')
  span.className = urban ? 'place urban' : 'place'
  span.textContent = text
  return span
}

/** Draws the map; throws when the browser has no WebGL. */
export function createMap({ container, outlines, points, onSelect, onPick, interactive, words }: MapOptions): MapHandle {
  const b = boundsOf(outlines)
  const map = new GlMap({
    container,
    style: style(outlines, points),
    bounds: [b.west, b.south, b.east, b.north],
    fitBoundsOptions: { padding: 26 },
    maxBounds: [b.west - 1.6, b.south - 1.2, b.east + 1.6, b.north + 1.2],
    attributionControl: false,
    locale: { 'Map.Title': words.map },
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    interactive,
    keyboard: false,
    canvasContextAttributes: { preserveDrawingBuffer: true },
  })
  map.getCanvas().setAttribute('tabindex', '-1')
  const labels: Marker[] = outlines.features.map((f) => {
    return new Marker({ element: label(f.properties.name, isUrban(f)) }).setLngLat(centreOf(f)).addTo(map)
  })
  const urban = outlines.features.filter(isUrban).map(centreOf)
  if (urban.length) {
    const mean: LonLat = [urban.reduce((s, c) => s + c[0], 0) / urban.length, urban.reduce((s, c) => s + c[1], 0) / urban.length]
    const element = label(words.urban, false)
    element.classList.add('urban-all')
    labels.push(new Marker({ element }).setLngLat(mean).addTo(map))
  }
  const onZoom = (): void => void container.classList.toggle('near', map.getZoom() > URBAN_ZOOM)
  map.on('zoom', onZoom)
  onZoom()
  if (onPick) map.on('click', (event) => onPick([event.lngLat.lng, event.lngLat.lat]))

  let shown: Marker[] = []
  let lifts: LonLat[] = []
  /** Keeps marks of one place apart; how far they lie from each other depends on the zoom. */
  const part = (): void => {
    const own = shown.map((m, index): LonLat => {
      const { x, y } = map.project(m.getLngLat())
      const [dx, dy] = lifts[index] ?? [0, 0]
      return [x + dx, y + dy]
    })
    spread(own).forEach(([x, y], index) => {
      const marker = shown[index]
      if (!marker) return
      const at = map.project(marker.getLngLat())
      marker.setOffset([x - at.x, y - at.y])
    })
  }
  map.on('zoomend', part)
  let picked: Marker | undefined
  let lit: string | null = null
  const light = (): void => {
    const gb = outlines.features.find((f) => lit !== null && codeOf(f) === lit)?.properties.gb ?? ''
    for (const layer of ['lit', 'lit-edge']) if (map.getLayer(layer)) map.setFilter(layer, ['==', ['get', 'gb'], gb])
  }
  map.on('styledata', light)
  const resizer = new ResizeObserver(() => map.resize())
  resizer.observe(container)

  return {
    setMarkers(markers, selected) {
      shown.forEach((m) => m.remove())
      shown = markers.map((m) => {
        const element = markerElement(m, m.id === selected)
        element.addEventListener('click', (event) => {
          event.stopPropagation()
          onSelect(m.id)
        })
        return new Marker({ element }).setLngLat(m.at).addTo(map)
      })
      // A mark that only stands for its county keeps clear of the county's name.
      lifts = markers.map((m): LonLat => [0, m.approximate ? -APPROXIMATE_LIFT : 0])
      part()
    },
    setPicked(at) {
      picked?.remove()
      if (!at) return
      const element = document.createElement('i')
      element.className = 'pin'
      picked = new Marker({ element, anchor: 'bottom' }).setLngLat(at).addTo(map)
    },
    highlight(code) {
      lit = code
      light()
    },
    flyTo(at) {
      map.flyTo({ center: at, zoom: Math.max(map.getZoom(), 8.6), duration: 600 })
    },
    restyle() {
      map.setStyle(style(outlines, points))
    },
    destroy() {
      resizer.disconnect()
      labels.forEach((m) => m.remove())
      map.remove()
    },
  }
}
