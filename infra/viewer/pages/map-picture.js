// The map as a picture. The table below says the same to everybody, so screen readers skip it and phones do not show it.
import { colourOf, duration } from './format.js'
import { html, useMemo } from './html.js'
import { layoutOf } from './map-layout.js'
import { errorsOf, listOf, rateOf } from './map-words.js'

export function MapPicture({ map }) {
  // Only who calls whom decides where things are: numbers change every few seconds, places should not.
  const shape = JSON.stringify([map.nodes.map(({ name }) => name), map.edges.map(keyOf).sort()])
  const layout = useMemo(() => {
    const edges = map.edges.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    return layoutOf(map.nodes, edges)
  }, [shape])
  const numbers = new Map(map.edges.map((edge) => [keyOf(edge), edge]))
  const lines = layout.edges.map((line) => ({ ...line, edge: numbers.get(keyOf(line.edge)) ?? line.edge }))
  const busiest = Math.max(...map.edges.map(({ ratePerSecond }) => ratePerSecond), 0.001)
  return html`
    <div class="card map-picture" aria-hidden="true">
      <svg viewBox=${`0 0 ${layout.width} ${layout.height}`} style=${{ maxWidth: `${layout.width * 1.1}px` }}>
        <defs>${['plain', 'slow', 'error'].map((tone) => html`<marker id=${`arrow-${tone}`} class=${`tone-${tone}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" /></marker>`)}</defs>
        ${lines.map((line) => html`<${Line} key=${keyOf(line.edge)} line=${line} busiest=${busiest} />`)}
        ${layout.nodes.map((place) => html`<${Node} key=${place.name} place=${place} node=${map.nodes.find(({ name }) => name === place.name)} map=${map} />`)}
        ${lines.map((line) => html`<${Label} key=${keyOf(line.edge)} line=${line} map=${map} />`)}
      </svg>
    </div>
  `
}

/** Of the labels' type, in the units of the picture. */
const letterWidth = 6.8

const keyOf = ({ caller, callee, kind }) => `${caller} ${callee} ${kind}`
const toneOf = ({ isSlow, errorShare }) => (errorShare > 0.01 ? 'error' : isSlow ? 'slow' : 'plain')

function Line({ line: { edge, points }, busiest }) {
  const width = 1.5 + 4.5 * Math.sqrt(edge.ratePerSecond / busiest)
  return html`<path class=${`map-line is-${edge.kind} tone-${toneOf(edge)}`} d=${curve(points)} stroke-width=${width} marker-end=${`url(#arrow-${toneOf(edge)})`} />`
}

function Label({ line: { edge, label }, map }) {
  const errors = errorsOf(edge)
  const lines = [
    `${rateOf(edge)}${edge.kind === 'message' ? ' queued' : ''}`,
    `${edge.isSlow ? '▲ ' : ''}p99 ${duration(edge.p99Ms)}${errors && ` · ${errors}`}`,
  ]
  const width = Math.max(...lines.map(({ length }) => length)) * letterWidth + 8
  return html`
    <a class=${`map-label tone-${toneOf(edge)}`} href=${listOf(edge, map)} tabindex="-1">
      <title>${edge.caller} → ${edge.callee}: ${rateOf(edge)}, p50 ${duration(edge.p50Ms)}, p99 ${duration(edge.p99Ms)}${errors && `, ${errors}`}</title>
      <rect x=${label.x - width / 2} y=${label.y - 14} width=${width} height="28" rx="4" />
      <text y=${label.y - 2} text-anchor="middle">${lines.map((text, i) => html`<tspan x=${label.x} dy=${i * 13}>${text}</tspan>`)}</text>
    </a>
  `
}

function Node({ place, node, map }) {
  const { x, y, width, height } = place
  const href = node.isSilent ? undefined : listOf({ callee: node.name }, map)
  const body = html`
    <rect x=${x} y=${y - height / 2} width=${width} height=${height} rx="8" />
    <rect class="map-stripe" x=${x} y=${y - height / 2} width="6" height=${height} rx="3" style=${{ fill: colourOf(node.name) }} />
    <text x=${x + 16} y=${y - 4} class="map-name">${short(node.name)}</text>
    <text x=${x + 16} y=${y + 14} class="map-facts">${node.count === 0 ? 'not called' : `${rateOf(node)} · p99 ${duration(node.p99Ms)}`}</text>
  `
  const kind = `map-node ${node.isSilent ? 'is-silent' : ''}`
  if (href === undefined)
    return html`<g class=${kind}><title>${node.name} sends no traces of its own: this is what its callers saw</title>${body}</g>`
  return html`<a class=${kind} href=${href} tabindex="-1"><title>Traces with ${node.name}</title>${body}</a>`
}

const short = (name) => (name.length > 17 ? `${name.slice(0, 16)}…` : name)

/** From point to point, leaving and arriving level. One that goes back to the left turns around below. */
function curve([first, ...rest]) {
  let from = first
  return rest.reduce((path, to) => {
    const bend = Math.max(40, Math.abs(to.x - from.x) / 2)
    const next = `${path} C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`
    from = to
    return next
  }, `M${first.x} ${first.y}`)
}
