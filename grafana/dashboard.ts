// What every dashboard has: a question, the steps that answer it, a way to the others, and marks where something started anew.
import {
  type AnnotationQuery,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { TextMode, PanelBuilder as TextPanel } from '@grafana/grafana-foundation-sdk/text'
import { metrics } from '../services/kit/telemetry/names.ts'
import { prometheusName, selector } from '../services/kit/telemetry/prometheus-names.ts'
import { colours } from './colours.ts'
import { collectorMetrics } from './foreign-metrics.ts'
import { sources } from './sources.ts'

/** Dashboards by their uid, which is also the name of their file. */
export const titles = {
  checkout: 'Checkout',
  service: 'Service',
  postgres: 'Postgres',
  runtime: 'Runtime',
  'queue-and-bank': 'Queue and bank',
  load: 'Load',
  pipeline: 'Pipeline',
  'service-map': 'Service map',
} as const
export type DashboardUid = keyof typeof titles

/** Workshop annotations carry this tag; services/workshop/annotations.ts writes them. */
export const changeTag = 'workshop'

type Page = { uid: string; title: string; question: string; kind: 'shop' | 'runbook'; from: string }

/** What pages of both kinds have: nobody changes them in the browser, and the shop's are one click away. */
export const page = ({ uid, title, question, kind, from }: Page) =>
  new DashboardBuilder(title)
    .uid(uid)
    .description(question)
    .tags([kind, 'generated'])
    .timezone('browser')
    .time({ from, to: 'now' })
    .refresh('10s')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .link(
      new DashboardLinkBuilder('Dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags(['shop'])
        .asDropdown(true)
        .keepTime(true)
        .tooltip('The pages to look at, over the same time'),
    )

/** An empty dashboard that has the question it answers; `steps` (Markdown) says in one sentence how, and where to go next. */
export const dashboard = (uid: DashboardUid, question: string, steps: string) =>
  page({ uid, title: titles[uid], question, kind: 'shop', from: 'now-15m' })
    .annotation({ build: () => restarts })
    .annotation({ build: () => changes })
    .withPanel(introduction(question, steps).span(24).height(4))

const introduction = (question: string, steps: string) =>
  new TextPanel()
    .title('Start here')
    .description(
      'What this page is for. Every panel has an explanation like this one: point at the ⓘ beside its title.',
    )
    .mode(TextMode.Markdown)
    .content(`**${question}** ${steps}`)

/** Another dashboard over the same time; `variables` are filled in, values may be fields of a row or a series. */
export function dashboardUrl(uid: DashboardUid, variables: Record<string, string> = {}): string {
  const filled = Object.entries(variables).map(([name, value]) => `&var-${name}=${value}`)
  return `/d/${uid}?from=$\{__from}&to=$\{__to}${filled.join('')}`
}

/** The same in Markdown. */
export const dashboardLink = (uid: DashboardUid, text: string = titles[uid], variables: Record<string, string> = {}) =>
  `[${text}](${dashboardUrl(uid, variables)})`

const uptime = `${prometheusName(metrics.eventLoopTime)}${selector({ 'nodejs.eventloop.state': 'idle' })}`

/**
 * A counter that begins anew: the instance was started again, at most ten minutes after its end. Marked in its first 15 s, so
 * that each start is one mark.
 */
const restarts = {
  name: 'Starts anew',
  datasource: sources.metrics,
  enable: true,
  iconColor: colours.neutral,
  expr: [uptime, collectorMetrics.uptime]
    .map((counter) => `(resets(${counter}[10m]) > resets(${counter}[10m] offset 15s))`)
    .join(' or '),
  step: '15s',
  titleFormat: 'Started anew',
  textFormat: '{{service_instance_id}}{{job}}',
} satisfies AnnotationQuery & Record<string, unknown>

/** When something was changed for a scenario, and when it was reset. Off: it is half of the answer. */
const changes: AnnotationQuery = {
  name: 'Arm and reset (a spoiler)',
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: false,
  iconColor: colours.bad,
  target: { type: 'tags', tags: [changeTag], matchAny: false, limit: 100 },
}
