// The overview: is buying slow, how often, and which checkout shall I open? Positions are here, meanings in the other files.
import {
  CustomVariableBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  type VariableOption,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { TextMode, PanelBuilder as TextPanel } from '@grafana/grafana-foundation-sdk/text'
import { slo } from '../../services/kit/slo.ts'
import { exploreUrl, sources } from '../sources.ts'
import { durationHeatmap, outcomeTimeseries, quantilesTimeseries } from './latency.ts'
import { burnStat, failedStat, goodStat, rateStat, slowStat, waitingStat } from './objective.ts'
import { notableLogs, slowestTable, waitingTimeseries } from './witnesses.ts'

const question = 'Is buying slow, how often, and which checkout do I open to find out why?'

const introductionText = () =>
  new TextPanel()
    .title('Start here')
    .description(
      'What this page is for. Every panel has an explanation like this one: point at the ⓘ beside its title.',
    )
    .mode(TextMode.Markdown)
    .content(
      `**${question}** See that some are slow (numbers and curves) → open a slow one (a dot above the dashed line, or the table) → in its trace, look at the widest bar: does it work or wait? → read its log lines (the button on a span), the database's among them → open the checkout it waited for.`,
    )

/** Which checkouts the table lists; the SLO's limit unless somebody looks for something else. */
const slowerThan = () => {
  const option = (value: string): VariableOption => ({ text: value, value, selected: value === objective })
  const objective = `${slo.thresholdMs}ms`
  const values = ['100ms', '250ms', objective, '1s', '2s']
  return (
    new CustomVariableBuilder('slowerThan')
      // The SDK's default id is the one that Grafana gives to a variable in the making, and never fills in.
      .id('slowerThan')
      .label('Slow is longer than')
      .description('Which checkouts the table lists')
      .values(values.join(','))
      .options(values.map(option))
      .current(option(objective))
  )
}

export const checkoutDashboard = () =>
  new DashboardBuilder('Checkout')
    .uid('checkout')
    .description(question)
    .tags(['shop', 'generated'])
    .timezone('browser')
    .time({ from: 'now-15m', to: 'now' })
    .refresh('10s')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .withVariable(slowerThan())
    .link(
      new DashboardLinkBuilder('Service map')
        .url(exploreUrl(sources.traces, { queryType: 'serviceMap' }))
        .tooltip('Who calls whom, how often and how fast'),
    )
    .withPanel(introductionText().span(24).height(4))
    .withPanel(goodStat().span(4).height(4))
    .withPanel(burnStat().span(4).height(4))
    .withPanel(slowStat().span(4).height(4))
    .withPanel(failedStat().span(4).height(4))
    .withPanel(rateStat().span(4).height(4))
    .withPanel(waitingStat().span(4).height(4))
    .withPanel(quantilesTimeseries().span(12).height(9))
    .withPanel(durationHeatmap().span(12).height(9))
    .withPanel(slowestTable().span(12).height(10))
    .withPanel(waitingTimeseries().span(6).height(10))
    .withPanel(outcomeTimeseries().span(6).height(10))
    .withPanel(notableLogs().span(24).height(12))
