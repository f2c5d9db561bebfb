// How long checkouts take: the usual one, the rare ones, and all of them as a heat map. Every dot is one checkout.
import * as common from '@grafana/grafana-foundation-sdk/common'
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap'
import { RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { slo } from '../../services/kit/slo.ts'
import { colours, whoIsWho } from '../colours.ts'
import { painted, paintedBy, timeseries, timeseriesWithLimit } from '../panels.ts'
import { buckets, lines, sources } from '../sources.ts'
import { bucketIncrease, durationQuantile, rateByOutcome } from './queries.ts'

const limitSeconds = slo.thresholdMs / 1000

export const quantilesTimeseries = () =>
  timeseriesWithLimit('How long a checkout takes', limitSeconds)
    .description(
      `Half of all checkouts are quicker than p50, 95 % than p95, 99 % than p99. The dashed line is the promise of ${slo.thresholdMs} ms. If only p99 rises, few checkouts are slow, but badly. Next: point at a dot above the line (one checkout each) and open its trace.`,
    )
    .withTarget(lines('A', durationQuantile(0.5), 'p50'))
    .withTarget(lines('B', durationQuantile(0.95), 'p95'))
    .withTarget(lines('C', durationQuantile(0.99), 'p99').exemplar(true))
    .overrideByName('p50', painted(colours.usual))
    .overrideByName('p95', painted(colours.warning))
    .overrideByName('p99', painted(colours.bad))
    .unit(Seconds)

export const durationHeatmap = () =>
  new heatmap.PanelBuilder()
    .title('All checkouts, by how long they took')
    .description(
      'Time from left to right, duration from bottom to top; the more a cell stands out, the more checkouts; the squares are single ones. One band is a healthy shop. A second band above it is a second kind of checkout: find out what its members have in common. Next: point at a square in the upper band and open its trace.',
    )
    .datasource(sources.metrics)
    .withTarget(buckets(bucketIncrease).exemplar(true))
    .calculate(false)
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme('Blues')
        .scale(heatmap.HeatmapColorScale.Exponential)
        .exponent(0.4)
        .steps(64)
        .reverse(false),
    )
    .filterValues(new heatmap.FilterValueRangeBuilder().le(1e-9))
    .rowsFrame(new heatmap.RowsHeatmapOptionsBuilder().layout(common.HeatmapCellLayout.Auto))
    .yAxis(new heatmap.YAxisConfigBuilder().unit(Seconds).axisPlacement(common.AxisPlacement.Left).reverse(false))
    .cellValues(new heatmap.CellValuesBuilder().unit(Short).decimals(0))
    .cellGap(1)
    .exemplarsColor(colours.bad)
    .showTooltip()
    .hideYHistogram()
    .hideLegend()

/** The codes of errors by what they say; business as usual that is none of these is grey. */
const outcomes = [
  ['^placed$', colours.good],
  ['^out_of_stock$', colours.usual],
  ['_timeout$|^deadline_exceeded$', colours.warning],
  ['_unavailable$|^internal', colours.bad],
  ['^overloaded$', whoIsWho.payment],
] as const

export const outcomeTimeseries = () =>
  paintedBy(timeseries('Checkouts a second, by outcome'), outcomes)
    .description(
      'What became of them: `placed`, or why not. Declined cards are everyday business. A new outcome, or `placed` falling while the others rise, is an incident of its own. Next: the log lines at the bottom say it order by order.',
    )
    .withTarget(lines('A', rateByOutcome, '{{shop_outcome}}'))
    .unit(RequestsPerSecond)
