// Sends log records and gauges to an OTLP/HTTP endpoint. It never throws and never grows: what cannot be sent is dropped.
import { setTimeout as sleep } from 'node:timers/promises'
import { type GaugePoint, type LogRecord, logsRequest, metricsRequest, type Values } from './otlp.ts'

export interface Sender extends AsyncDisposable {
  log(record: LogRecord): void
  gauges(points: GaugePoint[]): void
}

export type SenderOptions = {
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`, without `/v1/…`. */
  endpoint: string
  resource: Values
  /** Told once when sending starts to fail and once when it works again. */
  say?: (line: string) => void
  flushEveryMs?: number
  queueLimit?: number
}

/** An endpoint that starts at the same time as we do is not worth a line. */
const toldAfterFailures = 4

/** Opens a sender. Logs are kept over an outage up to `queueLimit` (the oldest go first); gauges only the last round. */
export function openSender(options: SenderOptions): Sender {
  const { endpoint, resource, say = () => {}, flushEveryMs = 200, queueLimit = 5_000 } = options
  let logs: LogRecord[] = []
  let points: GaugePoint[] = []
  let failures = 0
  const stop = new AbortController()

  const send = async (path: string, body: unknown): Promise<boolean> => {
    const answer = await post(`${endpoint.replace(/\/$/, '')}${path}`, body)
    if (answer.isDone && failures >= toldAfterFailures) say('telemetry is accepted again')
    failures = answer.isDone ? 0 : failures + 1
    if (!answer.isDone && failures === toldAfterFailures) say(`telemetry is not accepted: ${answer.why}`)
    return answer.isDone
  }
  const flush = async (): Promise<boolean> => {
    const batch = logs.slice(0, 500)
    if (batch.length > 0) {
      if (!(await send('/v1/logs', logsRequest(resource, batch)))) return false
      logs = logs.filter((record) => !batch.includes(record))
    }
    const round = points
    points = []
    return round.length === 0 || send('/v1/metrics', metricsRequest(resource, round))
  }
  const loop = (async () => {
    let pauseMs = flushEveryMs
    while (!stop.signal.aborted) {
      await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => {})
      pauseMs = (await flush()) ? flushEveryMs : Math.min(pauseMs * 2, 2_000)
    }
    await flush()
  })()

  return {
    log: (record) => {
      if (logs.length >= queueLimit) logs = logs.slice(logs.length - queueLimit + 1)
      logs.push(record)
    },
    gauges: (round) => {
      points = round
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await loop
    },
  }
}

type Answer = { isDone: true } | { isDone: false; why: string }

/** Whether the endpoint is done with this batch. It also is when it refuses the content: sending it again would not help. */
async function post(url: string, body: unknown): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(2_000),
    })
    await response.body?.cancel()
    const mayRecover = response.status === 429 || response.status >= 500
    return mayRecover ? { isDone: false, why: `${url} answered ${response.status}` } : { isDone: true }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { isDone: false, why: `${url}: ${cause instanceof Error ? cause.message : String(cause)}` }
  }
}
