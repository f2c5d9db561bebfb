// What to do when an alert comes: a page in Grafana for each runbook, so that the link in an alert always opens.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { TextMode, PanelBuilder as TextPanel } from '@grafana/grafana-foundation-sdk/text'
import { page } from '../dashboard.ts'
import { paintedByName, timeseriesWithLimit } from '../panels.ts'
import { lines } from '../sources.ts'
import { type Alert, type Runbook, runbookUid } from './alert.ts'
import { alerts } from './index.ts'

export const runbookDashboards = (): DashboardBuilder[] =>
  [...new Set(alerts.map(({ runbook }) => runbook))].map((runbook) =>
    runbookPage(
      runbook,
      alerts.filter((alert) => alert.runbook === runbook),
    ),
  )

function runbookPage(runbook: Runbook, ofRunbook: Alert[]): DashboardBuilder {
  const builder = page({
    uid: runbookUid(runbook),
    title: `Runbook: ${runbook.name}`,
    question: `${runbook.name} fires. What does it mean, and what do I do?`,
    kind: 'runbook',
    from: 'now-30m',
  }).withPanel(instructions(runbook).span(24).height(13))
  const span = ofRunbook.length === 1 ? 24 : 12
  for (const alert of ofRunbook) builder.withPanel(valueTimeseries(alert).span(span).height(9))
  return builder
}

const instructions = ({ name, means, isItReal, lookFirst, ends }: Runbook) =>
  new TextPanel()
    .title(name)
    .description(
      'What the alert says and what it does not, where to look, and what usually helps. The picture below is what its rule looks at.',
    )
    .mode(TextMode.Markdown)
    .content(
      [
        `**What it means.** ${means}`,
        `**Is it real?** ${isItReal}`,
        '**Look here first.**',
        lookFirst.map((step, index) => `${index + 1}. ${step}`).join('\n'),
        `**What usually ends it.** ${ends}`,
      ].join('\n\n'),
    )

const inWords = { '>': 'above', '>=': 'at or above', '<': 'below' } as const

function valueTimeseries({ name, value, threshold, comparison, window, forSeconds }: Alert) {
  const forHowLong = forSeconds === 0 ? 'at once' : `after ${forSeconds} s`
  return paintedByName(timeseriesWithLimit(`${name}: what the rule looks at`, threshold))
    .description(
      `The value that the alert compares: ${value.says}. The dashed line is its threshold: ${inWords[comparison]} ${threshold} it fires ${forHowLong} (${window} window${window === 'workshop' ? ', in minutes' : ', in hours'}). Next: compare the time at which it began with what the pages linked above show then.`,
    )
    .withTarget(lines('A', value.expr, value.legend))
    .unit(value.unit)
    .axisSoftMax(Math.max(threshold * 1.2, 1))
}
