// What our metrics are called in Prometheus after its OTLP translation (UnderscoreEscapingWithSuffixes, the default).
import { type MetricName, metrics } from './names.ts'

type Instrument = { kind: 'histogram' | 'counter' | 'gauge'; unit: 's' | 'By' | '1' | 'none' }

const seconds = { kind: 'histogram', unit: 's' } as const
const counter = { kind: 'counter', unit: 'none' } as const
const gauge = { kind: 'gauge', unit: 'none' } as const

/** The type and unit each metric is exported with; units in braces, such as `{session}`, leave no suffix. */
const instruments: Record<MetricName, Instrument> = {
  [metrics.httpServerDuration]: seconds,
  [metrics.httpClientDuration]: seconds,
  [metrics.dbDuration]: seconds,
  [metrics.checkoutDuration]: seconds,
  [metrics.gcDuration]: seconds,
  [metrics.bankDuration]: seconds,
  [metrics.checkouts]: counter,
  [metrics.cacheLookups]: counter,
  [metrics.coupons]: counter,
  [metrics.reservations]: counter,
  [metrics.authorisations]: counter,
  [metrics.bankRetries]: counter,
  [metrics.bankLateAnswers]: counter,
  [metrics.bankSessionWaits]: counter,
  [metrics.stockReports]: counter,
  [metrics.pricingRetries]: counter,
  [metrics.ordersSwept]: counter,
  [metrics.poolConnections]: gauge,
  [metrics.poolWaiting]: gauge,
  [metrics.queueJobs]: gauge,
  [metrics.priceRow]: gauge,
  [metrics.dbSessions]: gauge,
  [metrics.dbSessionsWaiting]: gauge,
  [metrics.queueAge]: { kind: 'gauge', unit: 's' },
  [metrics.eventLoopDelayMax]: { kind: 'gauge', unit: 's' },
  [metrics.eventLoopDelayP99]: { kind: 'gauge', unit: 's' },
  [metrics.messageProcessing]: seconds,
  [metrics.eventLoopTime]: { kind: 'counter', unit: 's' },
  [metrics.eventLoopUtilization]: { kind: 'gauge', unit: '1' },
  [metrics.heapUsed]: { kind: 'gauge', unit: 'By' },
}

export const instrumentOf = (metric: MetricName): Instrument => instruments[metric]

/** `shop.checkout.duration` → `shop_checkout_duration_seconds`; a histogram still needs `_bucket`, `_sum` or `_count`. */
export function prometheusName(metric: MetricName): string {
  const { kind, unit } = instruments[metric]
  const unitSuffix = { s: '_seconds', By: '_bytes', '1': kind === 'gauge' ? '_ratio' : '', none: '' }[unit]
  return `${underscored(metric)}${unitSuffix}${kind === 'counter' ? '_total' : ''}`
}

/**
 * `{service_name="api", http_route=~"/api/.*"}`: labels and attributes lose their dots, and a value that starts with `=~`,
 * `!~` or `!=` brings its own operator. Empty braces are left out.
 */
export function selector(labels: Record<string, string>): string {
  const matchers = Object.entries(labels).map(([key, value]) => {
    const [, operator, text] = /^(=~|!~|!=)?(.*)$/s.exec(value) as unknown as [string, string | undefined, string]
    return `${underscored(key)}${operator ?? '='}${JSON.stringify(text)}`
  })
  return matchers.length === 0 ? '' : `{${matchers.join(', ')}}`
}

/** As Prometheus and Loki write names of attributes. */
export const underscored = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_]/g, '_')
