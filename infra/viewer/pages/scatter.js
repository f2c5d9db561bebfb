// Every listed trace as a dot, time to the right and duration upwards: "only sometimes" at a glance.
import { clock, duration } from './format.js'
import { html } from './html.js'

/** Decoration for the eye: the list below says the same to everybody, so screen readers skip it. */
export function Scatter({ traces, sloMs }) {
  const from = Math.min(...traces.map((trace) => trace.startMs))
  const to = Math.max(...traces.map((trace) => trace.startMs), from + 1)
  const longest = Math.max(sloMs * 2, ...traces.map((trace) => trace.durationMs))
  const shortest = Math.max(0.5, Math.min(sloMs / 10, ...traces.map((trace) => trace.durationMs)))
  // Logarithmic, because a slow request takes tens of times as long as a normal one.
  const height = (ms) => Math.log(Math.max(ms, shortest) / shortest) / Math.log(longest / shortest)
  const y = (ms) => `${92 - height(ms) * 84}%`
  const x = (ms) => `${1 + ((ms - from) / (to - from)) * 98}%`
  return html`
    <div class="scatter" aria-hidden="true">
      <svg width="100%" height="100%">
        <line class="slo-line" x1="0" x2="100%" y1=${y(sloMs)} y2=${y(sloMs)} />
        ${traces.map(
          (trace) => html`
            <a key=${trace.traceId} href=${`/trace/${trace.traceId}`} tabindex="-1">
              <circle class=${toneOf(trace, sloMs)} cx=${x(trace.startMs)} cy=${y(trace.durationMs)} r="3.5">
                <title>${clock(trace.startMs)} · ${trace.rootName} · ${duration(trace.durationMs)}</title>
              </circle>
            </a>
          `,
        )}
      </svg>
      <span class="slo-label" style=${{ top: y(sloMs) }}>${sloMs} ms</span>
      <span class="axis left">${clock(from)}</span><span class="axis right">${clock(to)}</span>
    </div>
  `
}

export const toneOf = (trace, sloMs) =>
  trace.errorCount > 0 ? 'tone-error' : trace.durationMs > sloMs ? 'tone-slow' : 'tone-good'
