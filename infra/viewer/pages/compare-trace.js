// One of two traces that are compared: its waterfall, in which whoever picks an operation sees the same one in the other.
import { clock, count, duration } from './format.js'
import { html, useMemo, useState } from './html.js'
import { rootOf, rowsOf, visibleRows } from './tree.js'
import { Waterfall } from './waterfall.js'

export function CompareTrace({ view, title, idPrefix, rangeMs, picked, onPick }) {
  const { trace, criticalPath, sloMs } = view
  const root = useMemo(() => rootOf(trace.spans), [trace])
  const rows = useMemo(() => rowsOf(trace.spans), [trace])
  const [closed, setClosed] = useState(() => new Set())
  const [reachedId, setReached] = useState()
  const toggle = (spanId) => setClosed((before) => before.symmetricDifference(new Set([spanId])))
  const pick = (spanId) => {
    const { service, name } = trace.spans.find((span) => span.spanId === spanId)
    setReached(spanId)
    onPick({ service, name })
  }
  const isDimmed = (span) => picked !== undefined && (span.service !== picked.service || span.name !== picked.name)
  return html`
    <div class="compare-trace" onKeyDown=${(event) => moveInside(event, pick, toggle)}>
      <p class="facts">
        <strong>${title}</strong><span class="mono">${duration(root.endMs - root.startMs)}</span>
        <a class="mono" href=${`/trace/${trace.traceId}`} aria-label=${`Open the ${title.toLowerCase()} trace ${trace.traceId}`}>${trace.traceId.slice(0, 16)}…</a>
        <span>${clock(root.startMs)}</span><span>${count(trace.spans.length, 'span')}</span>
      </p>
      <${Waterfall} trace=${trace} root=${root} rows=${visibleRows(rows, closed)} closed=${closed} segments=${criticalPath} sloMs=${sloMs}
        rangeMs=${rangeMs} title=${`Spans of the ${title.toLowerCase()} one`} idPrefix=${idPrefix} selectedId=${reachedId} isDimmed=${isDimmed} onSelect=${pick} onToggle=${toggle} />
    </div>
  `
}

/** Up and down, and in and out of branches, while the focus is on a row; elsewhere these keys move through the operations. */
function moveInside(event, pick, toggle) {
  const row = event.target.closest('.row')
  if (row === null) return
  const spanId = row.id.slice(row.id.indexOf('row-') + 'row-'.length)
  if (event.key === 'Enter') pick(spanId)
  else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    if (row.ariaExpanded === String(event.key === 'ArrowLeft')) toggle(spanId)
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const next = event.key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling
    if (next?.classList.contains('row')) next.focus()
  } else return
  event.preventDefault()
  event.stopPropagation()
}
