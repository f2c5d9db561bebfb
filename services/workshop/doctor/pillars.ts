// Telemetry flows: a checkout of the last minute is found as a trace, with its lines and in the metric that it counts in.
import { metrics, spans } from '../../kit/telemetry/names.ts'
import type { Window } from '../../lens/source.ts'
import type { Telemetry } from '../telemetry.ts'
import { type Diagnosis, ill, messageOf, type Place, startIt, well } from './diagnosis.ts'

/** What the newest telemetry says about the clock of who wrote it. */
export type Newest = { newestMs?: number }

/** A trace is looked for that is old enough to have its lines, and one of the last minute. */
const settledMs = 3_000
const minuteMs = 60_000

export async function pillars(telemetry: Telemetry, place: Place): Promise<Newest & { diagnoses: Diagnosis[] }> {
  const now = Date.now()
  const window = { fromMs: now - minuteMs, toMs: now - settledMs }
  const [trace, metric] = await Promise.all([
    tracePillars(telemetry, window, place),
    metricPillar(telemetry, { ...window, toMs: now + minuteMs }, place),
  ])
  return { ...metric, diagnoses: [...trace, metric.diagnosis] }
}

async function tracePillars(telemetry: Telemetry, window: Window, place: Place): Promise<Diagnosis[]> {
  const asked = await attempt(() => telemetry.recent(window))
  if ('failed' in asked) return [ill('traces', asked.failed, startIt(place))]
  const traceId = asked.value
  if (traceId === undefined)
    return [ill('traces', `${telemetry.name} has no trace of ${spans.checkout} of the last minute`, noTraffic(place))]
  const found = await attempt(() => telemetry.details(traceId))
  if ('failed' in found) return [well('traces', `trace ${traceId} found`), ill('logs', found.failed, startIt(place))]
  const { trace, logs } = found.value ?? { trace: { spans: [] }, logs: [] }
  const services = new Set(trace.spans.map(({ service }) => service))
  return [
    well('traces', `checkout ${traceId}: ${trace.spans.length} spans of ${[...services].join(', ')}`),
    logs.length > 0
      ? well('logs', `${logs.length} lines carry that trace id`)
      : ill('logs', `no line carries the id of trace ${traceId}`, noTraffic(place)),
  ]
}

async function metricPillar(
  telemetry: Telemetry,
  window: Window,
  place: Place,
): Promise<Newest & { diagnosis: Diagnosis }> {
  const asked = await attempt(() => telemetry.series(metrics.checkoutDuration, {}, window))
  if ('failed' in asked) return { diagnosis: ill('metrics', asked.failed, startIt(place)) }
  const points = asked.value.flatMap((series) => series.points)
  const count = points.reduce((sum, point) => sum + (point.count ?? 0), 0)
  if (count === 0) {
    const says = `${metrics.checkoutDuration} counted nothing in the last minute`
    return { diagnosis: ill('metrics', says, noTraffic(place)) }
  }
  const newestMs = Math.max(...points.map(({ atMs }) => atMs))
  return {
    newestMs,
    diagnosis: well('metrics', `${metrics.checkoutDuration} counted ${count} checkouts in the last minute`),
  }
}

const noTraffic = ({ kind }: Place): string =>
  kind === 'lab'
    ? 'is there traffic (npm start without --no-traffic, no pause), and does OTEL_EXPORTER_OTLP_ENDPOINT point here?'
    : 'is there traffic (docker compose up -d baseline), and what does docker compose logs collector say?'

async function attempt<T>(work: () => Promise<T>): Promise<{ value: T } | { failed: string }> {
  try {
    return { value: await work() }
  } catch (error) {
    return { failed: messageOf(error) }
  }
}
