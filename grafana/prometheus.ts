// What Prometheus calls the metrics and attributes of names.ts, for those that dashboards draw.
import { metrics } from '../services/kit/telemetry/names.ts'

/** Its OTLP receiver appends the unit and, to a counter, `total`. A test compares this with what the verifier asks for. */
const suffixes = {
  [metrics.httpServerDuration]: '_seconds',
  [metrics.checkoutDuration]: '_seconds',
  [metrics.dbSessionsWaiting]: '',
} as const

export type DrawnMetric = keyof typeof suffixes
export const drawnMetrics = Object.keys(suffixes) as DrawnMetric[]

/** `shop.checkout.duration` → `shop_checkout_duration_seconds`; a histogram still needs `_bucket`, `_sum` or `_count`. */
export const prometheusName = (metric: DrawnMetric): string => label(metric) + suffixes[metric]

/** `service.name` → `service_name`; Loki does the same with attributes. */
export const label = (attribute: string): string => attribute.replaceAll(/[^a-zA-Z0-9_]/g, '_')

/** `{service_name="api", http_route=~"/api/.*"}`: a value that starts with `=` or `!` brings its own operator. */
export function selector(matchers: Record<string, string>): string {
  const written = Object.entries(matchers).map(([attribute, value]) => {
    const [, operator, text] = /^(=~|!~|!=)?(.*)$/s.exec(value) as unknown as [string, string | undefined, string]
    return `${label(attribute)}${operator ?? '='}${JSON.stringify(text)}`
  })
  return `{${written.join(', ')}}`
}
