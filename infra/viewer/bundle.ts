// Everything the viewer has, as a file and back: OTLP requests as JSON, one a line, as the Collector's file exporter writes them.
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { DecodeError, type Signal } from './decode.ts'
import type { Store } from './store.ts'
import { logsRequest, metricsRequest, traceRequest } from './write-otlp.ts'

const linesPerRequest = 200

/** Metrics first, then logs, then traces, each line with its line break. */
export function* exported({ series, logs, traces }: Store): Generator<string> {
  for (const one of series.all()) if (one.points.length > 0) yield lineOf(metricsRequest(one))
  for (const service of logs.services()) {
    const lines = logs.find({ service, limit: Number.POSITIVE_INFINITY })
    for (let i = 0; i < lines.length; i += linesPerRequest)
      yield lineOf(logsRequest(service, lines.slice(i, i + linesPerRequest)))
  }
  for (const { traceId } of traces.summaries()) {
    const trace = traces.get(traceId)
    if (trace !== undefined) yield lineOf(traceRequest(trace))
  }
}

const lineOf = (request: object): string => `${JSON.stringify(request)}\n`

/** What became of a bundle: how many lines it had, and which of them were no use, with the reason of the first. */
export type Imported = { lines: number; refused: number; rejected: number; why: string }

/** Takes each line for itself: one that cannot be read is counted, and the others are there. */
export async function imported(store: Store, body: Readable): Promise<Imported> {
  const result: Imported = { lines: 0, refused: 0, rejected: 0, why: '' }
  for await (const line of createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    result.lines += 1
    try {
      const { rejected, why } = take(store, line)
      result.rejected += rejected
      if (why !== '') result.why ||= `Line ${result.lines}: ${why}`
    } catch (error) {
      if (!(error instanceof DecodeError || error instanceof RangeError)) throw error
      result.refused += 1
      result.why ||= `Line ${result.lines}: ${error.message}`
    }
  }
  return result
}

const signals: Record<string, Signal> = { resourceSpans: 'traces', resourceLogs: 'logs', resourceMetrics: 'metrics' }

function take(store: Store, line: string): { rejected: number; why: string } {
  const request = objectIn(line)
  const field = Object.keys(signals).find((key) => key in request)
  if (field === undefined)
    throw new DecodeError(`it is no OTLP request: expected one of ${Object.keys(signals).join(', ')}`)
  return store.receive(signals[field] as Signal, request)
}

function objectIn(line: string): object {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below, in the same words for everything that is no object.
  }
  throw new DecodeError('it is no JSON object')
}
