// The shapes that panels share: one number, lines over time, and links that say what to do next.
import * as common from '@grafana/grafana-foundation-sdk/common'
import {
  DashboardLinkBuilder,
  type DynamicConfigValue,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries'
import { whoIsWho } from './colours.ts'
import { sources } from './sources.ts'

/** One number over the whole time range, coloured by its thresholds. */
export const stat = (title: string) =>
  new StatPanel()
    .title(title)
    .datasource(sources.metrics)
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(common.BigValueColorMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))

/** Lines over time from zero upwards, with their names below them. */
export const timeseries = (title: string) =>
  new TimeseriesPanel()
    .title(title)
    .datasource(sources.metrics)
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(common.VisibilityMode.Never)
    .min(0)
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

/** Colours from below upwards: `[[null, good], [0.01, bad]]` is good below 1 % and bad from there on. */
export const thresholds = (...steps: [from: number | null, color: string][]) =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]): Threshold => ({ value, color })))

/** An override that paints a series. */
export const painted = (fixedColor: string): DynamicConfigValue[] => [
  { id: 'color', value: { mode: 'fixed', fixedColor } },
]

/** A link in a panel's title. */
export const link = (title: string, url: string) => new DashboardLinkBuilder(title).url(url)

/** Gives every service, process or neighbour its own colour wherever its name stands in that of a series. */
export function paintedByName<P extends { overrideByRegexp(regexp: string, to: DynamicConfigValue[]): unknown }>(
  panel: P,
): P {
  for (const [name, colour] of Object.entries(whoIsWho)) panel.overrideByRegexp(`/\\b${name}\\b/`, painted(colour))
  return panel
}

/** An override that makes a series stand back behind the one it belongs to. */
export const dashed: DynamicConfigValue[] = [
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 6] } },
  { id: 'custom.lineWidth', value: 1 },
]

/** An override that makes a series, or a column's values, lead on. */
export const leadingTo = (...links: { title: string; url: string }[]): DynamicConfigValue[] => [
  { id: 'links', value: links },
]

/** What a link fills in, of the series or the cell that was clicked: `__field.labels.server`, `__value.raw`. */
export const clicked = (what: string): string => `$\{${what}}`
