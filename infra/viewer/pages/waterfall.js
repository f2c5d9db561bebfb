// The spans of a trace over time: a tree on the left, bars on the right, the critical path drawn over them.
import { colourOf, duration, offset } from './format.js'
import { html, useMemo, useState } from './html.js'
import { gapsOf, hintOf, ticksOf } from './tree.js'

/**
 * Beside another one (`rangeMs`: how much time both show) it has a `title` of its own, an `idPrefix`, nothing to find and
 * nothing later; `isDimmed` says which spans step back.
 */
export function Waterfall(props) {
  const { trace, root, rows, segments, sloMs, needle = '', onFind, rangeMs, title = 'Spans', idPrefix = '' } = props
  const isDimmed = props.isDimmed ?? (() => false)
  const [isWhole, setWhole] = useState(false)
  const lastMs = Math.max(...trace.spans.map((span) => span.endMs))
  const firstMs = Math.min(...trace.spans.map((span) => span.startMs))
  const rootMs = Math.max(root.endMs - root.startMs, 0.001)
  // Work that a queue does later would squeeze the request itself into a few pixels.
  const hasLater = rangeMs === undefined && lastMs > root.endMs + rootMs * 0.1
  const fromMs = isWhole ? firstMs : root.startMs
  const ownToMs = isWhole || !hasLater ? Math.max(lastMs, root.endMs) : root.endMs
  const toMs = rangeMs === undefined ? ownToMs : root.startMs + rangeMs
  const scale = useMemo(() => scaleOf(fromMs, Math.max(toMs, fromMs + 0.001)), [fromMs, toMs])
  const byIds = useMemo(() => Map.groupBy(segments, ({ spanId }) => spanId), [segments])
  const gaps = useMemo(() => gapsOf(trace.spans), [trace])
  const isShown = rows.some(({ span }) => span.spanId === props.selectedId)
  const tabStopId = isShown ? props.selectedId : rows[0]?.span.spanId
  return html`
    <section class="card waterfall" aria-labelledby=${`${idPrefix}waterfall-title`}>
      <div class="tools">
        <h2 id=${`${idPrefix}waterfall-title`}>${title}</h2>
        ${onFind && html`<input id="find" type="search" placeholder="Find in spans" aria-label="Find in spans" value=${needle} onInput=${(event) => onFind(event.currentTarget.value)} />`}
        <${Legend} />
        ${hasLater && html`<button aria-pressed=${isWhole} onClick=${() => setWhole(!isWhole)}>${isWhole ? 'Only the request' : `With what came later (${offset(lastMs - root.startMs)})`}</button>`}
      </div>
      <div class="grid" role="treegrid" aria-label=${title}>
        <${Axis} scale=${scale} root=${root} sloMs=${sloMs} />
        ${rows.map(
          (
            row,
          ) => html`<${Row} key=${row.span.spanId} id=${`${idPrefix}row-${row.span.spanId}`} row=${row} scale=${scale} path=${byIds.get(row.span.spanId)} gaps=${gaps.get(row.span.spanId)}
            isSelected=${row.span.spanId === props.selectedId} isTabStop=${row.span.spanId === tabStopId}
            isClosed=${props.closed.has(row.span.spanId)} isDim=${isDimmed(row.span) || (needle !== '' && !mentions(row.span, needle.toLowerCase()))}
            onSelect=${props.onSelect} onToggle=${props.onToggle} />`,
        )}
      </div>
    </section>
  `
}

const Legend = () => html`
  <p class="legend" aria-hidden="true">
    <span class="sample path"></span>critical path <span class="sample gap"></span>between client and server <span class="sample event-sample"></span>event <span class="sample slo-sample"></span>SLO
  </p>
`

/** The head with the ticks, and their lines behind all rows. */
function Axis({ scale, root, sloMs }) {
  const ticks = ticksOf(scale.rangeMs, 5)
  const left = (ms) => ({ left: `${(ms / scale.rangeMs) * 100}%` })
  const sloAtMs = root.startMs + sloMs
  return html`
    <div class="axis-row" aria-hidden="true">
      <div class="axis-name"></div>
      <div class="axis-time">${ticks.map((ms) => html`<span class="tick" style=${left(ms)}>${ms === 0 ? '0' : duration(ms)}</span>`)}</div>
      <div class="axis-took"></div>
    </div>
    <div class="lines" aria-hidden="true">
      <div class="axis-name"></div>
      <div class="axis-time">
        ${ticks.map((ms) => html`<i style=${left(ms)}></i>`)}
        ${sloAtMs < scale.toMs && html`<i class="slo-mark" style=${{ left: scale.at(sloAtMs) }}></i>`}
      </div>
      <div class="axis-took"></div>
    </div>
  `
}

/** Drawn again only when something about this row has changed: a trace may have hundreds. */
function Row({ id, row, scale, path, gaps, isSelected, isTabStop, isClosed, isDim, onSelect, onToggle }) {
  const { span, depth, children } = row
  return useMemo(() => {
    const hint = hintOf(span)
    const label = `${span.service}: ${span.name}, ${duration(span.endMs - span.startMs)}${span.status === 'error' ? ', error' : ''}${path ? ', on the critical path' : ''}`
    return html`
      <div id=${id} class=${`row ${isSelected ? 'is-selected' : ''} ${isDim ? 'is-dim' : ''}`} role="row" tabindex=${isTabStop ? 0 : -1}
        aria-level=${depth + 1} aria-selected=${isSelected} aria-expanded=${children === 0 ? undefined : !isClosed} aria-label=${label}
        style=${{ '--svc': colourOf(span.service), '--depth': `${Math.min(depth, 14)}` }} onClick=${() => onSelect(span.spanId)}>
        <div class="label" role="gridcell">
          ${
            children > 0
              ? html`<span class="twist" aria-hidden="true" onClick=${(event) => {
                  event.stopPropagation()
                  onToggle(span.spanId)
                }}>${isClosed ? '▸' : '▾'}</span>`
              : html`<span class="twist" aria-hidden="true"></span>`
          }
          <span class="swatch"></span><span class="service-name">${span.service}</span>
          <span class="span-name">${span.name}</span>
          ${span.status === 'error' && html`<span class="mark error">error</span>`}
          ${hint && html`<span class="hint mono">${hint}</span>`}
        </div>
        <div class="track" role="gridcell"><${Bars} span=${span} scale=${scale} path=${path} gaps=${gaps} /></div>
        <div class="span-took mono" role="gridcell">${duration(span.endMs - span.startMs)}</div>
      </div>
    `
  }, [span, scale, path, isSelected, isTabStop, isClosed, isDim])
}

function Bars({ span, scale, path = [], gaps = [] }) {
  if (span.startMs >= scale.toMs)
    return html`<span class="beyond mono">starts ${offset(span.startMs - scale.fromMs)} →</span>`
  return html`
    <span class=${`span-bar ${span.status === 'error' ? 'is-error' : ''}`} style=${scale.box(span.startMs, span.endMs)}></span>
    ${gaps.map(({ fromMs, toMs }) => html`<span class="gap" style=${scale.box(fromMs, toMs)}></span>`)}
    ${path.map(({ fromMs, toMs, part }) => html`<span class=${`path ${part}`} style=${scale.box(fromMs, toMs)}></span>`)}
    ${span.events.map((event) => html`<span class="event" style=${{ left: scale.at(event.atMs) }} title=${`${event.name} ${offset(event.atMs - scale.fromMs)}`}></span>`)}
  `
}

function scaleOf(fromMs, toMs) {
  const rangeMs = toMs - fromMs
  const fraction = (ms) => Math.min(1, Math.max(0, (ms - fromMs) / rangeMs))
  const at = (ms) => `${fraction(ms) * 100}%`
  const box = (a, b) => ({ left: at(a), width: `${(fraction(b) - fraction(a)) * 100}%` })
  return { fromMs, toMs, rangeMs, fraction, at, box }
}

const mentions = (span, needle) =>
  `${span.service} ${span.name} ${JSON.stringify(span.attributes)}`.toLowerCase().includes(needle)
