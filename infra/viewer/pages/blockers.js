// The traces that this one waited for, as Postgres named them in its log about this trace.
import { html } from './html.js'

/** Names as in services/kit/telemetry/names.ts, which a browser cannot import; test/viewer/pages.test.ts compares them. */
export const blockedBy = {
  traceId: 'postgresql.blocked_by.trace_id',
  pid: 'postgresql.blocked_by.pid',
  service: 'postgresql.blocked_by.service',
  waitMs: 'postgresql.wait_ms',
}

/** One entry for each other trace, with the longest wait that was logged. */
export function blockersOf(ownId, logs) {
  const found = new Map()
  for (const { attributes } of logs) {
    const traceId = attributes[blockedBy.traceId]
    if (typeof traceId !== 'string' || traceId === '' || traceId === ownId) continue
    const waitMs = Math.max(attributes[blockedBy.waitMs] ?? 0, found.get(traceId)?.waitMs ?? 0)
    found.set(traceId, { traceId, waitMs, pid: attributes[blockedBy.pid], service: attributes[blockedBy.service] })
  }
  return [...found.values()]
}

export function Blockers({ blockers }) {
  if (blockers.length === 0) return null
  return html`<ul class="blockers">${blockers.map((blocker) => html`<li><${WaitedFor} blocker=${blocker} /></li>`)}</ul>`
}

export const WaitedFor = ({ blocker }) => html`
  <a class="waited" href=${`/trace/${blocker.traceId}`}>waited for trace <span class="mono">${blocker.traceId.slice(0, 16)}…</span> (postgres pid ${blocker.pid ?? 'unknown'})</a>
  ${blocker.service && html`<span class="muted"> of ${blocker.service}</span>`}
  ${blocker.waitMs > 0 && html`<span class="muted"> · ${Math.round(blocker.waitMs)} ms and more</span>`}
`
