// The keyboard on the trace page: up and down through the rows, in and out of branches, along the critical path.
import { useKeys } from './keys.js'

export function useTraceKeys({
  rows,
  shown,
  closed,
  selectedId,
  select,
  toggle,
  criticalPath,
  blockers,
  usual,
  traceId,
}) {
  const at = shown.findIndex(({ span }) => span.spanId === selectedId)
  const go = (index) => {
    const row = shown[Math.max(0, Math.min(shown.length - 1, index))]
    if (row !== undefined) focusSpan(row.span.spanId, select)
  }
  const here = shown[at]
  const right = () => {
    if (here === undefined || here.children === 0) return
    if (closed.has(selectedId)) toggle(selectedId)
    else go(at + 1)
  }
  const left = () => {
    if (here === undefined) return
    if (here.children > 0 && !closed.has(selectedId)) toggle(selectedId)
    else if (rows.some(({ span }) => span.spanId === here.span.parentSpanId)) focusSpan(here.span.parentSpanId, select)
  }
  useKeys({
    j: () => go(at + 1),
    ArrowDown: () => go(at + 1),
    k: () => go(at - 1),
    ArrowUp: () => go(at - 1),
    Home: () => go(0),
    End: () => go(shown.length - 1),
    ArrowRight: right,
    ArrowLeft: left,
    Enter: () =>
      document.activeElement.role === 'row' ? select(document.activeElement.id.slice('row-'.length)) : false,
    c: () => focusSpan(nextOnPath(criticalPath, selectedId), select),
    l: () => document.querySelector('.log button')?.focus(),
    b: () => blockers[0] && location.assign(`/trace/${blockers[0].traceId}`),
    d: () => usual && location.assign(`/compare/${traceId}/${usual}`),
    '/': () => document.getElementById('find').focus(),
    Escape: () => (document.activeElement.id === 'find' ? document.activeElement.blur() : select(undefined)),
    u: () => location.assign('/'),
  })
}

/** Selects a span and brings its row into view with the focus on it, after it has been drawn. */
export function focusSpan(spanId, select) {
  if (spanId === undefined) return
  select(spanId)
  requestAnimationFrame(() => document.getElementById(`row-${spanId}`)?.focus())
}

function nextOnPath(criticalPath, selectedId) {
  const ids = [...new Set(criticalPath.map(({ spanId }) => spanId))]
  return ids[(ids.indexOf(selectedId) + 1) % ids.length]
}
