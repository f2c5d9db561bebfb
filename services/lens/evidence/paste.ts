// The queries a person would type to see the same: TraceQL for Tempo, PromQL for Prometheus, LogQL for Loki, paths of the viewer.
import { slo } from '../../kit/slo.ts'
import { attributes, type MetricName, metrics, spans } from '../../kit/telemetry/names.ts'
import { instrumentOf, prometheusName, selector, underscored } from '../../kit/telemetry/prometheus-names.ts'
import type { Labels, Window } from '../source.ts'
import type { SpanFilter } from '../trace.ts'
import type { Query, Wanted } from './types.ts'

/** How far apart two exports of the shop's metrics are; a range of this many seconds has two of them or three. */
const exportSeconds = 1.5
const momentary = '[4s]'

const slowCheckout = `{ resource.service.name = "api" && name = "${spans.checkout}" && kind = server && duration > ${slo.thresholdMs}ms }`

/** Spans by service, name, kind and whom they call; below slow checkouts or failed only, at least so many, or a quantile of their duration. */
export function pasteSpan(
  { service, name, kind, to }: SpanFilter & { to?: string },
  as: { underSlowCheckout?: boolean; isError?: boolean; atLeast?: number; quantile?: number },
): Query {
  const conditions = [
    service === undefined ? [] : `resource.service.name = ${JSON.stringify(service)}`,
    name === undefined ? [] : `name = ${JSON.stringify(name)}`,
    kind === undefined ? [] : `kind = ${kind}`,
    as.isError ? 'status = error' : [],
    to === undefined ? [] : `span.${attributes.peerService} = ${JSON.stringify(to)}`,
  ].flat()
  const wanted = `{ ${conditions.join(' && ') || 'true'} }`
  // Nothing is below itself.
  const isCheckout = service === 'api' && name === spans.checkout
  const slow = isCheckout ? slowCheckout : `${slowCheckout} >> ${wanted}`
  const scoped = as.underSlowCheckout ? slow : wanted
  const counted = as.atLeast === undefined ? scoped : `(${scoped}) | count() >= ${as.atLeast}`
  const text = as.quantile === undefined ? counted : `${counted} | quantile_over_time(duration, ${as.quantile})`
  return { language: 'TraceQL', text }
}

/** Requests below slow checkouts that were answered with an HTTP status. */
export function pasteAnswered(filter: SpanFilter, status: number): Query {
  const spansOf = pasteSpan(filter, { underSlowCheckout: true }).text.slice(0, -2)
  return { language: 'TraceQL', text: `${spansOf} && span.http.response.status_code = ${status} }` }
}

/** Slow checkouts in which a span has the value; where none is known, slow checkouts with the values that they have. */
export function pasteAttribute(key: string, value?: string): Query {
  // A feature key is `service:span name:attribute`, `service:instance`, or an attribute alone.
  const [attribute = key, name, service] = key.split(':').reverse()
  const isInstance = attribute === 'instance'
  const [serviceName, spanName] = isInstance ? [name, undefined] : [service, name]
  const field = fieldOf(attribute)
  const conditions = [
    ...(serviceName === undefined ? [] : [`resource.service.name = ${JSON.stringify(serviceName)}`]),
    ...(spanName === undefined ? [] : [`name = ${JSON.stringify(spanName)}`]),
    ...(value === undefined ? [`${field} != nil`] : [`${field} = ${literal(attribute, value)}`]),
  ]
  const wanted = `${slowCheckout} && { ${conditions.join(' && ')} }`
  return { language: 'TraceQL', text: value === undefined ? `${wanted} | select(${field})` : wanted }
}

/** What a feature is called in TraceQL. How many spans there are it cannot ask together with the rest. */
const fieldOf = (attribute: string): string =>
  ({ instance: 'resource.service.instance.id', event: 'event:name', error: 'status' })[attribute] ??
  `span.${quotedWhereNeeded(attribute)}`

/** Values of features are text; numbers and words of the language are not. */
function literal(attribute: string, value: string): string {
  if (attribute === 'error') return 'error'
  return /^\d+$/.test(value) && !attribute.startsWith('error') ? value : JSON.stringify(value)
}

/** How many slow checkouts there were, over time. */
export function pasteSlowOverTime(): Query {
  return { language: 'TraceQL', text: `${slowCheckout} | count_over_time()` }
}

/** The viewer's list of the checkouts over the SLO's threshold in the window, slowest first. */
export function pasteSlowTraces({ fromMs, toMs }: Window): Query[] {
  const query = new URLSearchParams({
    service: 'api',
    route: spans.checkout,
    minDurationMs: String(slo.thresholdMs),
    sort: 'slowest',
    from: String(Math.floor(fromMs)),
    to: String(Math.ceil(toMs)),
  })
  return [{ language: 'viewer', text: `/?${query}` }]
}

/** A gauge above a limit, a counter's rate, or a histogram's mean, as the series of one metric. */
export function pasteSeries(metric: MetricName, labels: Labels, above?: number): Query {
  const name = prometheusName(metric)
  const { kind } = instrumentOf(metric)
  // What is high for seconds is not high in the mean of a minute.
  const range = above === undefined ? '[1m]' : momentary
  const rate = (suffix: string) => `rate(${name}${suffix}${selector(labels)}${range})`
  const value = { gauge: name + selector(labels), counter: rate(''), histogram: `${rate('_sum')} / ${rate('_count')}` }[
    kind
  ]
  const comparable = kind === 'histogram' && above !== undefined ? `(${value})` : value
  return { language: 'PromQL', text: above === undefined ? value : `${comparable} > ${above}` }
}

/** The mean of a histogram (or gauge, or a counter's rate) for each value of a label, to see which one stands out. */
export function pasteMeansBy(metric: MetricName, labels: Labels, by: string): Query {
  const name = prometheusName(metric)
  const label = underscored(by)
  const sum = (suffix: string) => `sum by (${label}) (rate(${name}${suffix}${selector(labels)}[1m]))`
  const text = {
    gauge: `avg by (${label}) (${name}${selector(labels)})`,
    counter: sum(''),
    histogram: `${sum('_sum')} / ${sum('_count')}`,
  }[instrumentOf(metric).kind]
  return { language: 'PromQL', text }
}

/** How much a counter grew from one export to the next, where that is more than a limit. */
export function pasteIncrease(metric: MetricName, labels: Labels, above: number): Query {
  const perExport = `rate(${prometheusName(metric)}${selector(labels)}${momentary}) * ${exportSeconds}`
  return { language: 'PromQL', text: `${perExport} > ${above}` }
}

/** The share of checkouts over the SLO's threshold, and their median, from the histogram of the window. */
export function pasteCheckoutLatency({ fromMs, toMs }: Window): Query[] {
  const name = prometheusName(metrics.checkoutDuration)
  const range = `[${Math.max(1, Math.round((toMs - fromMs) / 1000))}s]`
  const within = `sum(increase(${name}_bucket{le="${slo.thresholdMs / 1000}"}${range}))`
  return [
    { language: 'PromQL', text: `1 - ${within} / sum(increase(${name}_count${range}))` },
    { language: 'PromQL', text: `histogram_quantile(0.5, sum by (le) (increase(${name}_bucket${range})))` },
  ]
}

/** Lines of a service that match, that have these attributes and that belong to a trace. */
export const pasteLines = (service: string, pattern: RegExp, also: Record<string, Wanted> = {}): Query[] => [
  { language: 'LogQL', text: `${linesOf(service, pattern, also)} | trace_id != ""` },
]

/** Lines of a service that match and belong to no trace. */
export const pasteUntracedLines = (service: string, pattern: RegExp): Query[] => [
  { language: 'LogQL', text: `${linesOf(service, pattern)} | trace_id = ""` },
]

function linesOf(service: string, pattern: RegExp, also: Record<string, Wanted> = {}): string {
  // Go's regular expressions take the flag inside the pattern.
  const text = (pattern.ignoreCase ? '(?i)' : '') + pattern.source
  // Loki keeps attributes as structured metadata, dots as underscores.
  const filters = Object.entries(also).map(([key, wanted]) => ` | ${underscored(key)}${conditionOf(wanted)}`)
  return `{service_name=${JSON.stringify(service)}} |~ ${logQlString(text)}${filters.join('')}`
}

function conditionOf(wanted: Wanted): string {
  if (typeof wanted === 'string') return `=${JSON.stringify(wanted)}`
  return 'atMost' in wanted ? `<=${wanted.atMost}` : `>=${wanted.atLeast}`
}

/** Backquotes keep backslashes as they are; a pattern with a backquote has to be escaped instead. */
const logQlString = (text: string): string => (text.includes('`') ? JSON.stringify(text) : `\`${text}\``)

const quotedWhereNeeded = (key: string): string => (/^[\w.]+$/.test(key) ? key : JSON.stringify(key))
