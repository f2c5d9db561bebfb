// The top of the trace page: what it is, how long it took, and what is odd about it.
import { clock, count, duration } from './format.js'
import { Service } from './frame.js'
import { html } from './html.js'

/** `usual` is the id of a trace that shows how the same request usually goes, if there is one to compare with. */
export function Head({ trace, root, sloMs, usual }) {
  const tookMs = root.endMs - root.startMs
  const errors = trace.spans.filter((span) => span.status === 'error').length
  const services = [...new Set(trace.spans.map((span) => span.service))]
  const isSlow = tookMs > sloMs
  return html`
    <section class="head">
      <div class="title">
        <a class="back" href="/" aria-label="All traces" title="All traces (u)">←</a>
        <h1>${root.name}</h1>
        <span class=${`total mono ${isSlow ? 'is-slow' : ''}`}>${duration(tookMs)}</span>
        ${isSlow && html`<span class="mark slow">${(tookMs / sloMs).toFixed(1)} × the SLO of ${sloMs} ms</span>`}
        ${errors > 0 && html`<span class="mark error">${count(errors, 'error')}</span>`}
        ${usual && html`<a href=${`/compare/${trace.traceId}/${usual}`} title="Where it took longer (d)">Compare with a usual one</a>`}
        ${root.parentSpanId !== undefined && html`<span class="mark">root has not arrived</span>`}
      </div>
      <p class="facts">
        <span class="mono id">${trace.traceId}</span>
        <span>${new Date(root.startMs).toLocaleDateString('en-CA')} ${clock(root.startMs)}</span>
        <span>${count(trace.spans.length, 'span')}</span>
        ${services.map((name) => html`<${Service} name=${name} />`)}
      </p>
    </section>
  `
}

export function Findings({ findings, onSelect }) {
  if (findings.length === 0) return null
  return html`
    <section aria-labelledby="findings-title" class="card findings">
      <h2 id="findings-title">Worth a look</h2>
      <ul>
        ${findings.map(
          ({ says, spanIds }) =>
            html`<li>${spanIds.length > 0 ? html`<button class="text" onClick=${() => onSelect(spanIds[0])}>${says}</button>` : says}</li>`,
        )}
      </ul>
    </section>
  `
}
