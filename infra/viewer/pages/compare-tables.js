// Two traces in numbers: milliseconds by operation on their critical paths, and what their roots say differently.
import { colourOf, duration } from './format.js'
import { html, useState } from './html.js'
import { partWording } from './path-summary.js'

const most = 8
/** Of the largest difference; what is smaller goes into the rest. */
const leastShare = 0.005

export function Operations({ operations, titles, tookMs, picked, onPick }) {
  const [isWhole, setWhole] = useState(false)
  const largestMs = Math.max(...operations.map(({ differenceMs }) => Math.abs(differenceMs)), 0.001)
  const telling = operations.filter(({ differenceMs }) => Math.abs(differenceMs) >= largestMs * leastShare)
  const first = telling.slice(0, most)
  const shown = isWhole ? operations : first
  const rest = operations.slice(shown.length)
  const sum = (key) => rest.reduce((total, one) => total + one[key], 0)
  return html`
    <section class="card" aria-labelledby="operations-title">
      <div class="tools"><h2 id="operations-title">Where the difference is</h2><span class="muted">on the critical paths</span></div>
      <table class="compare-table">
        <thead><tr><th scope="col">Operation</th><th scope="col" class="number">${titles[0]}</th><th scope="col" class="number">${titles[1]}</th><th scope="col" class="number">Difference</th><th class="compare-bar-cell"><span class="visually-hidden">As a bar</span></th></tr></thead>
        <tbody>
          ${shown.map((one) => html`<${Operation} key=${`${one.service} ${one.name} ${one.part}`} one=${one} largestMs=${largestMs} isPicked=${picked?.service === one.service && picked?.name === one.name} onPick=${onPick} />`)}
          ${rest.length > 0 && html`<tr class="muted"><th scope="row">everything else</th><${Numbers} slowMs=${sum('slowMs')} fastMs=${sum('fastMs')} /><td class="compare-bar-cell"></td></tr>`}
        </tbody>
        <tfoot><tr><th scope="row">In all</th><${Numbers} slowMs=${tookMs[0]} fastMs=${tookMs[1]} /><td class="compare-bar-cell"></td></tr></tfoot>
      </table>
      ${operations.length > first.length && html`<p class="none"><button aria-expanded=${isWhole} onClick=${() => setWhole(!isWhole)}>${isWhole ? 'Only what differs most' : `All ${operations.length}`}</button></p>`}
    </section>
  `
}

function Operation({ one, largestMs, isPicked, onPick }) {
  const { service, name, part, slowMs, fastMs, differenceMs } = one
  const width = `${(Math.abs(differenceMs) / largestMs) * 100}%`
  return html`
    <tr>
      <th scope="row">
        <button class="text compare-operation" aria-pressed=${isPicked} title="Show its spans in both" onClick=${() => onPick({ service, name })}>
          <span class=${`swatch ${part}`} style=${{ '--svc': colourOf(service) }}></span><span>${service} · ${name}${partWording[part]}</span>
        </button>
      </th>
      <${Numbers} slowMs=${slowMs} fastMs=${fastMs} />
      <td class="compare-bar-cell" aria-hidden="true"><span class="compare-bar"><i class=${differenceMs > 0 ? 'is-longer' : ''} style=${{ width }}></i></span></td>
    </tr>
  `
}

const Numbers = ({ slowMs, fastMs }) => html`
  <td class="number mono">${inMs(slowMs)}</td><td class="number mono">${inMs(fastMs)}</td><td class="number mono"><strong>${signed(slowMs - fastMs)}</strong></td>
`

const inMs = (ms) => (ms === 0 ? '–' : duration(ms))
const signed = (ms) => (Math.abs(ms) < 0.005 ? '0 ms' : `${ms < 0 ? '−' : '+'}${duration(Math.abs(ms))}`)

export function Attributes({ attributes, titles }) {
  return html`
    <section class="card" aria-labelledby="attributes-title">
      <div class="tools"><h2 id="attributes-title">What their roots say differently</h2></div>
      ${attributes.length === 0 && html`<p class="none muted">Nothing: both have the same attributes.</p>`}
      ${
        attributes.length > 0 &&
        html`<table class="compare-table compare-attributes">
          <thead><tr><th scope="col">Attribute</th><th scope="col">${titles[0]}</th><th scope="col">${titles[1]}</th></tr></thead>
          <tbody>${attributes.map(({ key, slow, fast }) => html`<tr key=${key}><th scope="row" class="mono">${key}</th><td class="mono">${slow ?? html`<${Absent} />`}</td><td class="mono">${fast ?? html`<${Absent} />`}</td></tr>`)}</tbody>
        </table>`
      }
    </section>
  `
}

const Absent = () => html`<span class="faint">not there</span>`
