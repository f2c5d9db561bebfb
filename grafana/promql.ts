// Reads PromQL with the grammar that Prometheus's own page uses: which metrics does a query ask for?
import { parser } from '@prometheus-io/lezer-promql'
import { metrics } from '../services/kit/telemetry/names.ts'
import { prometheusName } from '../services/kit/telemetry/prometheus-names.ts'
import { foreignMetrics } from './foreign-metrics.ts'

/** Grafana's own variables stand where PromQL wants a duration; any will do for reading. */
const withDurations = (text: string) => text.replaceAll(/\$(__(?:rate_interval|interval|range)\b|\{__\w+\})/g, '1m')

/** The names of the metrics in a query. Throws when it is not PromQL, quoting the place. */
export function metricsIn(query: string): string[] {
  const text = withDurations(query)
  const names: string[] = []
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`not PromQL at ${JSON.stringify(text.slice(from, from + 20))}: ${text}`)
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(text.slice(from, to))
    },
  })
  return [...new Set(names)]
}

const known = new Set([...Object.values(metrics).map(prometheusName), ...foreignMetrics])

/** Metrics in a query that no registry knows. A recorded series' name (`level:metric:operation`) is known when it is recorded. */
export function strangersIn(query: string, recorded: readonly string[] = []): string[] {
  const isKnown = (name: string) =>
    known.has(name) || known.has(name.replace(/_(bucket|count|sum)$/, '')) || recorded.includes(name)
  return metricsIn(query).filter((name) => !isKnown(name))
}
