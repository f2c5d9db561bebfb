// The map's lines as a table: for phones, for screen readers, and for whoever wants the numbers.
import { duration, percent } from './format.js'
import { Service } from './frame.js'
import { html } from './html.js'
import { listOf, rateOf } from './map-words.js'

/** Slow ones first, then by how often. */
export function MapTable({ map }) {
  const edges = map.edges.toSorted((a, b) => Number(b.isSlow) - Number(a.isSlow) || b.count - a.count)
  if (edges.length === 0) return html`<p class="muted">No service has called another one.</p>`
  return html`
    <section class="card" aria-labelledby="calls-title">
      <div class="tools"><h2 id="calls-title">Calls</h2><span class="muted">as their callers saw them; a message from its sending until it was taken up</span></div>
      <table class="map-table">
        <thead><tr><th scope="col">From and to</th><th scope="col" class="number">Rate</th><th scope="col" class="number">Failed</th><th scope="col" class="number">p50</th><th scope="col" class="number">p99</th><th scope="col">Traces</th></tr></thead>
        <tbody>${edges.map((edge) => html`<${Row} key=${`${edge.caller} ${edge.callee} ${edge.kind}`} edge=${edge} map=${map} />`)}</tbody>
      </table>
    </section>
  `
}

function Row({ edge, map }) {
  const { caller, callee, kind, isSlow, errorShare } = edge
  const service = new URLSearchParams(listOf(edge, map).slice(2)).get('service')
  return html`
    <tr class=${isSlow ? 'is-slow-row' : ''}>
      <th scope="row"><span class="map-pair"><${Service} name=${caller} /><span class="faint" aria-label="to">${kind === 'message' ? '⇢' : '→'}</span><${Service} name=${callee} />${kind === 'message' && html`<span class="mark">queue</span>`}${isSlow && html`<span class="mark slow">▲ slow</span>`}</span></th>
      <td class="number mono"><${Narrow}>rate<//>${rateOf(edge)}</td>
      <td class=${`number mono ${errorShare > 0.01 ? 'is-error' : ''}`}><${Narrow}>failed<//>${percent(errorShare)}</td>
      <td class="number mono"><${Narrow}>p50<//>${duration(edge.p50Ms)}</td>
      <td class=${`number mono ${isSlow ? 'is-slow' : ''}`}><${Narrow}>p99<//>${duration(edge.p99Ms)}</td>
      <td><a href=${listOf(edge, map)} aria-label=${`Slowest traces with ${service}, from the call of ${caller} to ${callee}`}>with ${service}</a></td>
    </tr>
  `
}

const Narrow = ({ children }) => html`<span class="narrow-label muted">${children} </span>`
