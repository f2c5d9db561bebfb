// Decoded metric requests → data points as they were sent (mostly cumulative). series-store.ts makes intervals of them.

import type { Once } from './once.ts'
import { attributesOf, idOf, listOf, millisOf, numberOf, objectOf, type Raw, textOf } from './otlp-values.ts'
import { collect, type Origin, originOf, type Read, requestOf } from './read-request.ts'

export type MetricKind = 'counter' | 'updown' | 'gauge' | 'histogram'

/** A value that one trace is an example of. */
export type Exemplar = { atMs: number; value: number; traceId: string; spanId?: string }

/** One data point with everything that identifies its series. `counts` has one entry more than `bounds`. */
export type Sample = {
  metric: string
  unit: string
  kind: MetricKind
  isCumulative: boolean
  labels: Record<string, string>
  instance: string
  startMs: number
  atMs: number
  value: number
  count?: number
  sum?: number
  bounds?: readonly number[]
  counts?: readonly number[]
  exemplars: Exemplar[]
}

type Shape = Pick<Sample, 'metric' | 'unit' | 'kind' | 'isCumulative'>

/** Data points that say "nothing was recorded" carry this bit. */
const noValueFlag = 1

/** All data points of a request; summaries and points without time or value are refused and counted. */
export function readSamples(request: unknown, once: Once): Read<Sample> {
  const read: Read<Sample> = { items: [], rejected: 0, why: '' }
  for (const group of listOf(requestOf(request), 'resourceMetrics')) {
    const origin = originOf(group, once)
    for (const scope of listOf(group, 'scopeMetrics')) {
      for (const metric of listOf(scope, 'metrics')) readMetric(metric, origin, once, read)
    }
  }
  return read
}

function readMetric(metric: Raw, origin: Origin, once: Once, read: Read<Sample>): void {
  const shape = { metric: once.text(textOf(metric.name)), unit: once.text(textOf(metric.unit)) }
  for (const [field, kind] of fields) {
    const data = objectOf(metric, field)
    if (data === undefined) continue
    const isCumulative = numberOf(data.aggregationTemporality) !== 1
    const its: Shape = { ...shape, kind: field === 'sum' && data.isMonotonic !== true ? 'updown' : kind, isCumulative }
    for (const point of listOf(data, 'dataPoints')) {
      if (field === 'summary') collect(read, `${shape.metric} is a summary, which the viewer does not keep`)
      else if (((numberOf(point.flags) ?? 0) & noValueFlag) === 0) collect(read, sampleOf(point, its, origin, once))
    }
  }
}

const fields = [
  ['gauge', 'gauge'],
  ['sum', 'counter'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'histogram'],
  ['summary', 'gauge'],
] as const

/** The sample, or the reason why it is none. */
function sampleOf(point: Raw, shape: Shape, origin: Origin, once: Once): Sample | string {
  const atMs = millisOf(point.timeUnixNano)
  if (shape.metric === '') return 'A metric has no name'
  if (atMs === undefined) return `A data point of ${shape.metric} has no time`
  const numbers = shape.kind === 'histogram' ? histogramOf(point) : valueIn(point)
  if (numbers === undefined) return `A data point of ${shape.metric} has no usable value`
  return {
    ...shape,
    labels: labelsOf(point, origin, once),
    instance: `${origin.service}/${origin.instance ?? ''}`,
    startMs: millisOf(point.startTimeUnixNano) ?? atMs,
    atMs,
    ...numbers,
    exemplars: exemplarsOf(point),
  }
}

function valueIn(point: Raw): { value: number } | undefined {
  const value = numberOf(point.asDouble) ?? numberOf(point.asInt)
  return value === undefined || !Number.isFinite(value) ? undefined : { value }
}

/** Exponential histograms keep count, sum and mean; their buckets are left out. */
function histogramOf(point: Raw): Pick<Sample, 'value' | 'count' | 'sum' | 'bounds' | 'counts'> | undefined {
  const count = numberOf(point.count)
  const sum = numberOf(point.sum) ?? 0
  if (count === undefined || !Number.isFinite(sum)) return undefined
  const bounds = numbersIn(point.explicitBounds)
  const counts = numbersIn(point.bucketCounts)
  const value = count === 0 ? 0 : sum / count
  return counts.length === bounds.length + 1 ? { value, count, sum, bounds, counts } : { value, count, sum }
}

const numbersIn = (list: unknown): number[] => (Array.isArray(list) ? list.map((item) => numberOf(item) ?? 0) : [])

/** What of the resource tells series apart. */
export const labelsOfResource: readonly string[] = ['service.name', 'service.instance.id', 'service.version']

function labelsOf(point: Raw, origin: Origin, once: Once): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const key of labelsOfResource) {
    const value = origin.resource[key]
    if (value !== undefined && value !== null) labels[key] = String(value)
  }
  for (const [key, value] of Object.entries(attributesOf(point, once))) {
    labels[key] = typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  return labels
}

function exemplarsOf(point: Raw): Exemplar[] {
  return listOf(point, 'exemplars').flatMap((exemplar) => {
    const traceId = idOf(exemplar.traceId, 16)
    const spanId = idOf(exemplar.spanId, 8)
    const value = numberOf(exemplar.asDouble) ?? numberOf(exemplar.asInt)
    if (traceId === undefined || value === undefined) return []
    return [{ atMs: millisOf(exemplar.timeUnixNano) ?? 0, value, traceId, ...(spanId ? { spanId } : {}) }]
  })
}
