// The log of one trace: all services' lines and the database's among them, on the trace's own clock.
import { blockersOf, WaitedFor } from './blockers.js'
import { colourOf, count, offset, shown } from './format.js'
import { html } from './html.js'
import { focusSpan } from './trace-keys.js'

export function Logs({ logs, root, spans, selectedId, onSelect }) {
  const ids = new Set(spans.map((span) => span.spanId))
  return html`
    <section class="card logs" aria-labelledby="logs-title">
      <div class="tools"><h2 id="logs-title">Log</h2><span class="muted">${count(logs.length, 'line')}</span></div>
      ${logs.length === 0 && html`<p class="none muted">Nothing was logged inside this trace, or it has not arrived yet.</p>`}
      <ol>
        ${logs.map((line) => html`<${Line} line=${line} root=${root} isSelected=${line.spanId !== undefined && line.spanId === selectedId} onSelect=${ids.has(line.spanId) ? onSelect : undefined} />`)}
      </ol>
    </section>
  `
}

function Line({ line, root, isSelected, onSelect }) {
  const [blocker] = blockersOf(line.traceId, [line])
  const extra = Object.entries(line.attributes)
  return html`
    <li class=${`log ${isSelected ? 'is-selected' : ''} level-${line.severity}`} style=${{ '--svc': colourOf(line.service) }}>
      <button disabled=${onSelect === undefined} onClick=${() => focusSpan(line.spanId, onSelect)} title=${onSelect ? 'Select its span' : 'Its span is not here'}>
        <span class="mono at">${offset(line.atMs - root.startMs)}</span>
        <span class="source"><span class="swatch"></span>${line.service}</span>
        <span class="level">${line.severity}</span>
        <span class="text-of">${line.body} ${extra.map(([key, value]) => html`<span class="pair"><span class="key">${key}</span>=${shown(value)} </span>`)}</span>
      </button>
      ${blocker && html`<p class="log-link">↳ <${WaitedFor} blocker=${blocker} /></p>`}
    </li>
  `
}
