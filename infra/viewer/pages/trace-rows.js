// The rows of the list: each is one link that says when, what, how long, who took part, and whether something failed.
import { clock, count, duration } from './format.js'
import { Service } from './frame.js'
import { html, useLayoutEffect, useRef } from './html.js'
import { toneOf } from './scatter.js'

export function TraceRows({ traces, sloMs }) {
  const list = useRef()
  const focused = useRef()
  // A refresh may move the focused row in the document, which takes the focus from it.
  useLayoutEffect(() => {
    if (focused.current === undefined || document.activeElement !== document.body) return
    list.current.querySelector(`a[href="/trace/${focused.current}"]`)?.focus({ preventScroll: true })
  })
  const remember = (event) => {
    focused.current = event.type === 'focusin' ? event.target.dataset?.id : focused.current
  }
  return html`
    <div class="columns" aria-hidden="true"><span>Started</span><span>Request</span><span>Duration</span><span>Services</span><span>Spans</span></div>
    <ol class="traces" ref=${list} onFocusIn=${remember}>
      ${traces.map((trace) => html`<li key=${trace.traceId}><${Row} trace=${trace} sloMs=${sloMs} /></li>`)}
    </ol>
  `
}

const Row = ({ trace, sloMs }) => html`
  <a class="trace" href=${`/trace/${trace.traceId}`} data-id=${trace.traceId}>
    <time class="mono muted" datetime=${new Date(trace.startMs).toISOString()}>${clock(trace.startMs)}</time>
    <span class="what">
      <span class="name">${trace.rootName}</span>
      <span class="mono faint id">${trace.traceId.slice(0, 8)}</span>
      ${trace.errorCount > 0 && html`<span class="mark error">${count(trace.errorCount, 'error')}</span>`}
      ${!trace.isComplete && html`<span class="mark" title="Some parents have not arrived">incomplete</span>`}
    </span>
    <span class=${`took ${toneOf(trace, sloMs)}`}>
      <span class="bar" aria-hidden="true"><i style=${{ width: `${Math.min(100, (trace.durationMs / sloMs) * 50)}%` }}></i></span>
      <span class="ms mono">${duration(trace.durationMs)}</span>
      ${trace.durationMs > sloMs && html`<span class="visually-hidden">, over the SLO</span>`}
    </span>
    <span class="services">${trace.services.map((name) => html`<${Service} name=${name} />`)}</span>
    <span class="spans mono muted">${trace.spanCount}<span class="visually-hidden"> spans</span></span>
  </a>
`
