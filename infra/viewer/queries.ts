// What may be asked of the JSON API. A bad parameter is answered with a sentence that names it, its value and what fits.
import { z } from 'zod'
import { invalidRequest } from './errors.ts'

const text = z.string({ error: 'expected one value' }).min(1, 'expected some text')
const whole = (min: number, max: number) =>
  z.coerce
    .number({ error: 'expected a whole number' })
    .int('expected a whole number')
    .min(min, `expected at least ${min}`)
    .max(max, `expected at most ${max}`)
const millis = z.coerce.number({ error: 'expected a number of milliseconds' }).min(0, 'expected at least 0')
const epochMs = z.coerce.number({ error: 'expected epoch milliseconds' }).min(0, 'expected epoch milliseconds')
const oneOf = <const T extends string[]>(...values: T) => z.enum(values, `expected ${values.join(' or ')}`)
const traceId = text.toLowerCase().regex(/^[0-9a-f]{32}$/, 'expected 32 hexadecimal digits')

const severity = oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal').optional()
const window = { from: epochMs.optional(), to: epochMs.optional() }

export const tracesQuery = z.strictObject({
  ...window,
  service: text.optional(),
  route: text.optional(),
  minDurationMs: millis.optional(),
  maxDurationMs: millis.optional(),
  errors: oneOf('true', 'false').optional(),
  sort: oneOf('newest', 'slowest').default('newest'),
  limit: whole(1, 20_000).default(100),
})
export type TracesQuery = z.output<typeof tracesQuery>

export const logsQuery = z.strictObject({
  ...window,
  traceId: traceId.optional(),
  service: text.optional(),
  severity,
  text: text.optional(),
  limit: whole(1, 100_000).default(1_000),
})

/** `pattern` is a line without its numbers, exactly. */
export const logPatternsQuery = z.strictObject({
  ...window,
  service: text.optional(),
  minSeverity: severity,
  text: text.optional(),
  pattern: text.optional(),
  limit: whole(1, 1_000).default(200),
})
export type LogPatternsQuery = z.output<typeof logPatternsQuery>

const isForwards = ({
  from = 0,
  to = Number.POSITIVE_INFINITY,
}: {
  from?: number | undefined
  to?: number | undefined
}) => from < to
const forwards = { path: ['to'], error: 'expected a time after from' }

export const serviceMetricsQuery = z.strictObject({ ...window, service: text }).refine(isForwards, forwards)
export type ServiceMetricsQuery = z.output<typeof serviceMetricsQuery>

/** A region of the list's picture (time × duration), the list's own filters, and the range of time that it shows. */
export const differencesQuery = z
  .strictObject({
    ...window,
    minMs: millis.optional(),
    maxMs: millis.optional(),
    route: text.optional(),
    service: text.optional(),
    errors: oneOf('true', 'false').optional(),
    othersFrom: epochMs.optional(),
    othersTo: epochMs.optional(),
  })
  .refine(isForwards, forwards)
export type DifferencesQuery = z.output<typeof differencesQuery>

export const mapQuery = z.strictObject(window).refine(isForwards, forwards)

/** Which requests, of which the slowest has a trace. */
export const slowestTraceQuery = z
  .strictObject({ service: text, instance: text.optional(), route: text.optional(), from: epochMs, to: epochMs })
  .refine(isForwards, forwards)

export const comparisonQuery = z.strictObject({ slow: traceId, fast: traceId })

/** `label.service.name=api` → labels: { 'service.name': 'api' }. */
export const seriesQuery = z.preprocess(
  (query) => {
    const pairs = Object.entries(query as Record<string, unknown>)
    const isLabel = ([key]: [string, unknown]) => key.startsWith('label.')
    const labels = pairs.filter(isLabel).map(([key, value]) => [key.slice('label.'.length), value])
    return { ...Object.fromEntries(pairs.filter((pair) => !isLabel(pair))), labels: Object.fromEntries(labels) }
  },
  z.strictObject({ ...window, metric: text, labels: z.record(z.string(), text) }),
)

export const lookupBody = z.strictObject({
  ids: z.array(traceId, 'expected a list of trace ids').max(5_000, 'expected at most 5000 trace ids'),
})

export const traceParams = z.object({ id: traceId })

/** @throws ApiError naming every field that does not fit, its value and what was expected */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw invalidRequest(result.error.issues.map((issue) => sentence(issue, input)).join('; '))
}

function sentence(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is not known here`
  const path = issue.path.map(String)
  const value = path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], input)
  const given = value ?? (input as Record<string, unknown> | undefined)?.[path.join('.').replace(/^labels/, 'label')]
  const name = path.join('.').replace(/^labels/, 'label') || 'body'
  return `${name} is ${given === undefined ? 'missing' : JSON.stringify(given)?.slice(0, 80)}: ${issue.message}`
}
