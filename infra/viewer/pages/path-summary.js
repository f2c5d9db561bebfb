// Where the root's time went: the critical path summed up by operation.
import { colourOf, duration } from './format.js'
import { html, useMemo } from './html.js'

const most = 6

export function PathSummary({ spans, segments, onSelect }) {
  const { parts, totalMs } = useMemo(() => partsOf(spans, segments), [spans, segments])
  if (parts.length === 0) return null
  const top = parts.slice(0, most)
  const restMs = parts.slice(most).reduce((sum, part) => sum + part.ms, 0)
  const percent = (ms) => `${((ms / totalMs) * 100).toFixed(ms / totalMs < 0.1 ? 1 : 0)} %`
  return html`
    <section class="card path-summary" aria-labelledby="path-title">
      <h2 id="path-title">Where the time went</h2>
      <div class="stack" aria-hidden="true">
        ${top.map((part) => html`<i class=${part.part} style=${{ width: `${(part.ms / totalMs) * 100}%`, '--svc': colourOf(part.service) }}></i>`)}
        <i class="rest" style=${{ flex: '1' }}></i>
      </div>
      <ol>
        ${top.map(
          (part) => html`<li>
            <button class="text path-part" onClick=${() => onSelect(part.longest.spanId)}>
              <span class=${`swatch ${part.part}`} style=${{ '--svc': colourOf(part.service) }}></span>
              <span class="mono share">${percent(part.ms)}</span><span class="mono ms">${duration(part.ms)}</span>
              <span class="what">${part.service} · ${part.name}${partWording[part.part]}</span>
            </button>
          </li>`,
        )}
        ${restMs > 0 && html`<li class="muted path-part"><span class="swatch rest"></span><span class="mono share">${percent(restMs)}</span><span class="mono ms">${duration(restMs)}</span><span class="what">everything else</span></li>`}
      </ol>
    </section>
  `
}

export const partWording = {
  self: '',
  'before-server': ' (before the server began)',
  'after-server': ' (after the server was done)',
}

function partsOf(spans, segments) {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const parts = new Map()
  let totalMs = 0
  for (const segment of segments) {
    const span = byId.get(segment.spanId)
    if (span === undefined) continue
    const ms = segment.toMs - segment.fromMs
    const key = `${span.service} ${span.name} ${segment.part}`
    const part = parts.get(key) ?? {
      service: span.service,
      name: span.name,
      part: segment.part,
      ms: 0,
      longest: { ms: -1 },
    }
    part.ms += ms
    if (ms > part.longest.ms) part.longest = { ms, spanId: span.spanId }
    parts.set(key, part)
    totalMs += ms
  }
  return { parts: [...parts.values()].sort((a, b) => b.ms - a.ms), totalMs: Math.max(totalMs, 0.001) }
}
