// The lines of the log: each is a button that shows its attributes, beside it the link to its trace.
import { clock, shown } from './format.js'
import { Service } from './frame.js'
import { html, useLayoutEffect, useRef, useState } from './html.js'

/** `onOpen` is called when somebody begins to read one: it must not be pushed out by newer ones meanwhile. */
export function LogLines({ lines, onOpen }) {
  const [open, setOpen] = useState(() => new Set())
  const list = useRef()
  const focused = useRef()
  // A refresh may move the focused line in the document, which takes the focus from it.
  useLayoutEffect(() => {
    if (focused.current === undefined || document.activeElement !== document.body) return
    const lost = [...list.current.querySelectorAll('.line-head')].find(({ dataset }) => dataset.key === focused.current)
    lost?.focus({ preventScroll: true })
  })
  const remember = (event) => {
    focused.current = event.target.dataset.key
  }
  const toggle = (key) => {
    if (!open.has(key)) onOpen()
    setOpen((before) => before.symmetricDifference(new Set([key])))
  }
  return html`
    <ol class="card log-lines" ref=${list} onFocusIn=${remember}>
      ${keyed(lines).map(({ key, line }) => html`<${Line} key=${key} id=${key} line=${line} isOpen=${open.has(key)} onToggle=${toggle} />`)}
    </ol>
  `
}

function Line({ id, line, isOpen, onToggle }) {
  const { atMs, service, severity, body, traceId } = line
  return html`
    <li class=${`line level-${severity}`}>
      <div class="line-row">
        <button class="line-head" data-key=${id} aria-expanded=${isOpen} onClick=${() => onToggle(id)}>
          <time class="mono muted" datetime=${new Date(atMs).toISOString()}>${clock(atMs)}</time>
          <${Service} name=${service} />
          <span class="level">${severity}</span>
          <span class="line-body">${body}</span>
        </button>
        ${traceId && html`<a class="line-trace mono" href=${hrefOf(line)} title=${`Trace ${traceId}`}>trace<span class="visually-hidden"> ${traceId.slice(0, 8)}</span></a>`}
      </div>
      ${isOpen && html`<${Details} line=${line} />`}
    </li>
  `
}

const hrefOf = ({ traceId, spanId }) => `/trace/${traceId}${spanId === undefined ? '' : `#span=${spanId}`}`

function Details({ line }) {
  const ids = Object.entries({ 'trace id': line.traceId, 'span id': line.spanId }).filter(([, value]) => value)
  const values = [...Object.entries(line.attributes), ...ids]
  if (values.length === 0) return html`<p class="line-details muted">Nothing but its text came with this line.</p>`
  return html`<dl class="values line-details">${values.map(([key, value]) => html`<div><dt>${key}</dt><dd class="mono">${shown(value)}</dd></div>`)}</dl>`
}

/** A line has no id: its time, its sender and what it says stand for one, and a number where that is the same. */
function keyed(lines) {
  const seen = new Map()
  // From the oldest on, so that the next line of the same key leaves the keys before as they are.
  return lines
    .toReversed()
    .map((line) => {
      const same = `${line.atMs} ${line.service} ${line.spanId ?? ''} ${line.body}`
      const times = seen.get(same) ?? 0
      seen.set(same, times + 1)
      return { key: times === 0 ? same : `${same} ${times}`, line }
    })
    .toReversed()
}
