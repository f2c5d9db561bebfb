// The shapes that panels share: one number, lines over time, log lines, and links that say what to do next.
import * as common from '@grafana/grafana-foundation-sdk/common'
import {
  DashboardLinkBuilder,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as LogsPanel } from '@grafana/grafana-foundation-sdk/logs'
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries'
import { Seconds } from '@grafana/grafana-foundation-sdk/units'
import { colours, whoIsWho } from './colours.ts'
import { dashboardUrl } from './dashboard.ts'
import { exploreUrl, logLines, sources } from './sources.ts'

/** One number over the whole time range, coloured by its thresholds. */
export const stat = (title: string) =>
  new StatPanel()
    .title(title)
    .datasource(sources.metrics)
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(common.BigValueColorMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))

/**
 * Lines over time from zero upwards, with their names below them. The axis goes up to 1 at least: where there is nothing but
 * zeros, Grafana would draw one up to 100. A series that nobody paints is grey: Grafana's own palette has red beside green, and
 * the schemes of one colour came after 9.4.
 */
export const timeseries = (title: string) =>
  new TimeseriesPanel()
    .title(title)
    .datasource(sources.metrics)
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(common.VisibilityMode.Never)
    .min(0)
    .axisSoftMax(1)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colours.neutral))
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )

/** The same for times that are some milliseconds on a calm day, which an axis of a second would press flat. */
export const secondsTimeseries = (title: string) => timeseries(title).unit(Seconds).axisSoftMax(0.1)

/** The same with a dashed line where it gets too much. The axis goes beyond it, so that it is seen on calm days, too. */
export const timeseriesWithLimit = (title: string, limit: number, colour: string = colours.bad) =>
  timeseries(title)
    .axisSoftMax(limit * 1.2)
    .thresholds(thresholds([null, 'transparent'], [limit, colour]))
    .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphTresholdsStyleMode.Dashed))

/** Names beside the lines, for more of them than fit below: those with the highest peak first. */
export const namesBeside = () =>
  new common.VizLegendOptionsBuilder()
    .displayMode(common.LegendDisplayMode.Table)
    .placement(common.LegendPlacement.Right)
    .showLegend(true)
    .width(230)
    .calcs(['max'])
    .sortBy('Max')
    .sortDesc(true)

/** Log lines, newest first, with a link to the same in Explore. */
export const logs = (title: string, query: string) =>
  new LogsPanel()
    .title(title)
    .datasource(sources.logs)
    .withTarget(logLines(query).maxLines(200))
    .showTime(true)
    .showLabels(false)
    .showCommonLabels(false)
    .wrapLogMessage(true)
    .prettifyLogMessage(false)
    .enableLogDetails(true)
    .dedupStrategy(common.LogsDedupStrategy.None)
    .sortOrder(common.LogsSortOrder.Descending)
    .noValue('none')
    .links([linesLink('The same in Explore', query)])

/** Colours from below upwards: `[[null, good], [0.01, bad]]` is good below 1 % and bad from there on. */
export const thresholds = (...steps: [from: number | null, color: string][]) =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]): Threshold => ({ value, color })))

/** A warning from there on, and bad from twice as much. */
export const upTo = (much: number): Parameters<typeof thresholds> => [
  [null, colours.good],
  [much, colours.warning],
  [2 * much, colours.bad],
]

/** An override that paints a series. */
export const painted = (fixedColor: string): DynamicConfigValue[] => [
  { id: 'color', value: { mode: 'fixed', fixedColor } },
]

/** A link in a panel's title. */
export const link = (title: string, url: string) => new DashboardLinkBuilder(title).url(url)

/** To the page of the service that a label of the clicked series names. */
export const serviceLink = (label: string) =>
  link('How this service is doing', dashboardUrl('service', { service: clicked(`__field.labels.${label}`) }))

/** To Explore, with log lines or spans; a span stands there with its own duration, not with that of its trace. */
export const linesLink = (title: string, query: string) =>
  link(title, exploreUrl(sources.logs, { expr: query, queryType: 'range' }))
export const spansLink = (title: string, query: string) =>
  link(title, exploreUrl(sources.traces, { queryType: 'traceql', query, limit: 100, tableType: 'spans' }))

type Paintable = { overrideByRegexp(regexp: string, to: DynamicConfigValue[]): unknown }

/** Paints series by what is in their names; where several patterns are, the last one counts. */
export function paintedBy<P extends Paintable>(panel: P, patterns: readonly (readonly [string, string])[]): P {
  for (const [pattern, colour] of patterns) panel.overrideByRegexp(`/${pattern}/`, painted(colour))
  return panel
}

/** Gives every service, process or neighbour its own colour wherever its name stands in that of a series. */
export const paintedByName = <P extends Paintable>(panel: P): P =>
  paintedBy(
    panel,
    Object.entries(whoIsWho).map(([name, colour]) => [`\\b${name}\\b`, colour]),
  )

/** An override that makes a series stand back behind the one it belongs to. */
export const dashed: DynamicConfigValue[] = [
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 6] } },
  { id: 'custom.lineWidth', value: 1 },
]

/** A property that leaves a series out of the names: it has the colour of the one it stands behind. */
export const outOfLegend: DynamicConfigValue = {
  id: 'custom.hideFrom',
  value: { legend: true, tooltip: false, viz: false },
}

/** An override that makes a series, or a column's values, lead on. */
export const leadingTo = (...links: { title: string; url: string }[]): DynamicConfigValue[] => [
  { id: 'links', value: links },
]

/** What a link fills in, of the series or the cell that was clicked: `__field.labels.server`, `__value.raw`. */
export const clicked = (what: string): string => `$\{${what}}`
