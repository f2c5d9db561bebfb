// The three backends under the uids of provisioning/datasources, and how a panel or a link asks them.
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder as LogQl } from '@grafana/grafana-foundation-sdk/loki'
import { DataqueryBuilder as PromQl, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { TempoQueryBuilder } from '@grafana/grafana-foundation-sdk/tempo'

export const sources = {
  metrics: { type: 'prometheus', uid: 'prometheus' },
  traces: { type: 'tempo', uid: 'tempo' },
  logs: { type: 'loki', uid: 'loki' },
} as const satisfies Record<string, DataSourceRef>

/** A query over the dashboard's time range, drawn as lines. */
export const lines = (refId: string, expr: string, legend: string) =>
  new PromQl().refId(refId).datasource(sources.metrics).expr(expr).range().legendFormat(legend)

/** One number for the whole time range. */
export const number = (expr: string) => new PromQl().refId('A').datasource(sources.metrics).expr(expr).instant()

/** One number per series for the whole time range, as a table with a column for each label. */
export const rows = (refId: string, expr: string) =>
  new PromQl().refId(refId).datasource(sources.metrics).expr(expr).instant().format(PromQueryFormat.Table)

/**
 * A histogram's buckets, drawn as a heat map. Without a limit Grafana would make the cells of a quarter of an hour 5 s wide: two
 * exports of a process, and only one after one that was missed, from which nothing can be counted.
 */
export const buckets = (expr: string) => lines('A', expr, '{{le}}').format(PromQueryFormat.Heatmap).interval('10s')

export const logLines = (expr: string) => new LogQl().refId('A').datasource(sources.logs).expr(expr).queryType('range')

/**
 * A list of spans, so that each stands there with its own duration: that of a trace goes on until its last queue consumer
 * is done. Grafana before 10.2 does not know of such lists and shows traces.
 */
export const spanList = (query: string, limit: number): Builder<Dataquery> => {
  const builder = new TempoQueryBuilder().refId('A').datasource(sources.traces).queryType('traceql')
  return { build: () => ({ ...builder.query(query).limit(limit).filters([]).build(), tableType: 'spans' }) }
}

/** Explore with a query typed in, over the dashboard's time range. The form that Grafana has read since version 7. */
export function exploreUrl(source: DataSourceRef, query: Record<string, unknown>): string {
  const state = {
    datasource: source.uid,
    queries: [{ refId: 'A', datasource: source, ...query }],
    range: { from: '$__from', to: '$__to' },
  }
  // Grafana puts values into a link before the browser reads it; encoded, they would not be found.
  const encoded = encodeURIComponent(JSON.stringify(state))
  const variable = /%24(?:%7B([\w.]+)%7D|(\w+))/g
  return `/explore?left=${encoded.replaceAll(variable, (_, braced?: string, bare?: string) => `$\{${braced ?? bare}}`)}`
}
