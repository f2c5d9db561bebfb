// Every listed trace as a dot, time to the right and duration upwards: "only sometimes" at a glance. A box drawn over the
// dots selects a region.
import { clock, duration } from './format.js'
import { html, useRef } from './html.js'
import { isInside } from './region.js'
import { boxOf, regionUnder, scaleOf } from './scatter-scale.js'
import { useBrush } from './use-brush.js'

/** Decoration for the eye: the list below says the same to everybody, and a button selects without a pointer. */
export function Scatter({ traces, sloMs, region, onSelect }) {
  // While somebody draws, a refresh must not move the dots.
  const held = useRef()
  const shown = held.current ?? traces
  const scale = scaleOf(shown, sloMs)
  const release = () => {
    held.current = undefined
  }
  const { box, handlers } = useBrush({
    onStart: () => {
      held.current = traces
    },
    onDone: (drawn) => {
      release()
      onSelect(regionUnder(scale, drawn), { from: Math.floor(scale.from), to: Math.floor(scale.to) + 1 })
    },
    onCancel: release,
  })
  const selected = box === undefined ? region : regionUnder(scale, box)
  const area = box ?? (region && boxOf(scale, region))
  return html`
    <div class="scatter" aria-hidden="true" ...${handlers}>
      <svg width="100%" height="100%">
        <line class="slo-line" x1="0" x2="100%" y1=${percent(scale.y(sloMs))} y2=${percent(scale.y(sloMs))} />
        ${shown.map(
          (trace) => html`
            <a key=${trace.traceId} href=${`/trace/${trace.traceId}`} tabindex="-1" class=${selected && !isInside(trace, selected) ? 'is-outside' : ''}>
              <circle class=${toneOf(trace, sloMs)} cx=${percent(scale.x(trace.startMs))} cy=${percent(scale.y(trace.durationMs))} r="3.5">
                <title>${clock(trace.startMs)} · ${trace.rootName} · ${duration(trace.durationMs)}</title>
              </circle>
            </a>
          `,
        )}
      </svg>
      <span class="slo-label" style=${{ top: percent(scale.y(sloMs)) }}>${sloMs} ms</span>
      <span class="axis left">${clock(scale.from)}</span><span class="axis right">${clock(scale.to)}</span>
      ${area && html`<span class="region" style=${{ left: percent(area.left), top: percent(area.top), width: percent(area.right - area.left), height: percent(area.bottom - area.top) }}></span>`}
    </div>
  `
}

const percent = (fraction) => `${fraction * 100}%`

export const toneOf = (trace, sloMs) =>
  trace.errorCount > 0 ? 'tone-error' : trace.durationMs > sloMs ? 'tone-slow' : 'tone-good'
