// GET /api/status: what has come in, what is kept, and what the process costs.
import type { Store } from './store.ts'

export function statusOf(store: Store) {
  const traces = store.traces.stats()
  const logs = store.logs.stats()
  const metrics = store.series.stats()
  const { user, system } = process.cpuUsage()
  return {
    uptimeMs: Date.now() - store.startedAtMs,
    bytes: Math.round(traces.bytes + logs.bytes + metrics.bytes),
    maxBytes: store.maxBytes,
    traces,
    logs,
    metrics,
    received: store.received,
    process: { rssBytes: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 },
  }
}
