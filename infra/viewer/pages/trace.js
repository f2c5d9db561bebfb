// One trace: what it waited for, where its time went, its spans over time, and what was logged meanwhile.
import { Blockers, blockersOf } from './blockers.js'
import { Message } from './frame.js'
import { html, useEffect, useMemo, useState } from './html.js'
import { PathSummary } from './path-summary.js'
import { Shell } from './shell.js'
import { SpanPanel } from './span-panel.js'
import { Findings, Head } from './trace-head.js'
import { useTraceKeys } from './trace-keys.js'
import { Logs } from './trace-logs.js'
import { rootOf, rowsOf, visibleRows } from './tree.js'
import { useTrace } from './use-trace.js'
import { Waterfall } from './waterfall.js'

export function TracePage({ id }) {
  const { view, error } = useTrace(id)
  return html`<${Shell} page="trace">
    ${view && html`<${TraceView} view=${view} />`} ${error && html`<${Failed} id=${id} error=${error} />`}
    ${!view && !error && html`<div class="skeleton" role="status" aria-label="Loading the trace">${Array.from({ length: 10 }, () => html`<div></div>`)}</div>`}
  <//>`
}

function Failed({ id, error }) {
  if (error.status !== 404 && error.status !== 400) {
    return html`<${Message} title="The trace cannot be shown" isAlert><p>${error.message}</p><p><a href="">Try again</a></p><//>`
  }
  return html`
    <${Message} title="This trace is not here" isAlert>
      <p><code>${id}</code></p>
      <p>${error.status === 400 ? error.message : 'It may still be on its way (services report every few seconds, so this page looks again for a while), it may have made room for newer ones (fast traces go first), or the id has a typing error.'}</p>
      <p><a href="">Look again</a> · <a href="/">Traces that are here</a></p>
    <//>
  `
}

function TraceView({ view }) {
  const { trace, criticalPath, logs, sloMs, usual } = view
  const root = useMemo(() => rootOf(trace.spans), [trace])
  const rows = useMemo(() => rowsOf(trace.spans), [trace])
  const [selectedId, setSelected] = useState(() => new URLSearchParams(location.hash.slice(1)).get('span') ?? undefined)
  const [closed, setClosed] = useState(() => new Set())
  const [needle, setNeedle] = useState('')
  const shown = useMemo(() => visibleRows(rows, closed), [rows, closed])
  const selected = rows.find(({ span }) => span.spanId === selectedId)?.span
  const blockers = useMemo(() => blockersOf(trace.traceId, logs), [trace, logs])
  const select = (spanId) => {
    history.replaceState(null, '', spanId === undefined ? location.pathname : `#span=${spanId}`)
    setSelected(spanId)
  }
  // From the data to the painted page; a test holds this against its budget.
  useEffect(() => void performance.measure('draw trace', 'trace received'), [])
  // A link may name a span: show it at once.
  useEffect(() => document.getElementById(`row-${selectedId}`)?.scrollIntoView({ block: 'nearest' }), [])
  const toggle = (spanId) => setClosed((before) => before.symmetricDifference(new Set([spanId])))
  useTraceKeys({
    rows,
    shown,
    closed,
    selectedId,
    select,
    toggle,
    criticalPath,
    blockers,
    usual,
    traceId: trace.traceId,
  })
  return html`
    <${Head} trace=${trace} root=${root} sloMs=${sloMs} usual=${usual} />
    <${Blockers} blockers=${blockers} />
    <${Findings} findings=${view.findings} onSelect=${select} />
    <${PathSummary} spans=${trace.spans} segments=${criticalPath} onSelect=${select} />
    <div class=${`stage ${selected ? 'has-panel' : ''}`}>
      <${Waterfall} trace=${trace} root=${root} rows=${shown} closed=${closed} segments=${criticalPath} sloMs=${sloMs}
        selectedId=${selectedId} needle=${needle} onSelect=${select} onToggle=${toggle} onFind=${setNeedle} />
      ${selected && html`<${SpanPanel} span=${selected} root=${root} spans=${trace.spans} onSelect=${select} onClose=${() => select(undefined)} />`}
    </div>
    <${Logs} logs=${logs} root=${root} spans=${trace.spans} selectedId=${selectedId} onSelect=${select} />
  `
}
