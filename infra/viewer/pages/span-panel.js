// Everything about the selected span.
import { duration, offset, shown } from './format.js'
import { Service } from './frame.js'
import { html } from './html.js'

export function SpanPanel({ span, root, spans, onSelect, onClose }) {
  const parent = spans.find((other) => other.spanId === span.parentSpanId)
  return html`
    <aside class="card panel" aria-label="Selected span">
      <div class="panel-head">
        <h2>${span.name}</h2>
        <button class="quiet" onClick=${onClose} aria-label="Close the details" title="Close (Esc)">✕</button>
      </div>
      <p class="panel-facts">
        <${Service} name=${span.service} /><span class="muted">${span.kind}</span>
        <span class="mono">${duration(span.endMs - span.startMs)}</span><span class="mono muted">${offset(span.startMs - root.startMs)}</span>
        ${span.status !== 'unset' && html`<span class=${`mark ${span.status}`}>${span.status}</span>`}
      </p>
      ${span.statusMessage && html`<p class="is-error">${span.statusMessage}</p>`}
      <${Table} title="Attributes" values=${span.attributes} />
      ${
        span.events.length > 0 &&
        html`<h3>Events</h3>
          <ol class="events">
            ${span.events.map((event) => html`<li><p><span class="mono muted">${offset(event.atMs - root.startMs)}</span> ${event.name}</p><${Values} values=${event.attributes} /></li>`)}
          </ol>`
      }
      ${span.links.length > 0 && html`<h3>Links</h3><ul>${span.links.map((link) => html`<li><a class="mono" href=${`/trace/${link.traceId}#span=${link.spanId}`}>${link.traceId}</a></li>`)}</ul>`}
      <details><summary>Resource</summary><${Values} values=${span.resource} /></details>
      <p class="ids mono faint">span ${span.spanId}${parent && html` · parent <button class="text mono" onClick=${() => onSelect(parent.spanId)}>${parent.name}</button>`}${span.parentSpanId && !parent && html` · parent ${span.parentSpanId} is not here`}</p>
    </aside>
  `
}

const Table = ({ title, values }) => html`<h3>${title}</h3><${Values} values=${values} />`

function Values({ values }) {
  const pairs = Object.entries(values)
  if (pairs.length === 0) return html`<p class="faint">none</p>`
  pairs.sort(([a], [b]) => (a < b ? -1 : 1))
  return html`<dl class="values">${pairs.map(([key, value]) => html`<div><dt>${key}</dt><dd class="mono">${shown(value)}</dd></div>`)}</dl>`
}
