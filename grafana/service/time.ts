// Where the time of a service goes: into its own work, to those whom it calls, or into waiting at its door.
import type { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries'
import { Seconds } from '@grafana/grafana-foundation-sdk/units'
import { slo } from '../../services/kit/slo.ts'
import { serviceNames, spans } from '../../services/kit/telemetry/names.ts'
import { colours } from '../colours.ts'
import { dashboardUrl } from '../dashboard.ts'
import {
  clicked,
  leadingTo,
  link,
  namesBeside,
  painted,
  paintedBy,
  paintedByName,
  spansLink,
  timeseriesWithLimit,
} from '../panels.ts'
import { lines } from '../sources.ts'
import { asCallersSay, asItSays, connection, neighbours, ownAnswers, slowStep, spanName, steps } from './queries.ts'

const limitSeconds = slo.thresholdMs / 1000
const ofServices = `/\\b(${serviceNames.join('|')})$/`

/** Durations, with the limit that a whole checkout has as a dashed line. */
export const durations = (title: string): TimeseriesPanel => timeseriesWithLimit(title, limitSeconds).unit(Seconds)

/** Leads on to the service that a label names. */
export const toService = (label: 'client' | 'server') => {
  const name = clicked(`__field.labels.${label}`)
  return leadingTo({ title: `The same page for ${name}`, url: dashboardUrl('service', { service: name }) })
}

const prominent = [...painted('text'), { id: 'custom.lineWidth', value: 4 }]

export const waitsTimeseries = () =>
  paintedByName(durations('The service beside those it waits for, p99'))
    .description(
      'The thick line is how long the service takes to answer, the others how long it waits for each of those it asks, and for a connection of its pool. If a thin line rises with the thick one, the service is only loud: look there next. If the thick one rises alone, the time is its own: its work, or a wait between two calls. Next: click a thin line, or see the steps on the right.',
    )
    .withTarget(lines('A', ownAnswers, 'the service itself').exemplar(true))
    .withTarget(lines('B', neighbours, 'waits for {{server}}'))
    .withTarget(lines('C', connection, 'waits for a connection').exemplar(true))
    .overrideByName('waits for a connection', painted(colours.neutral))
    .overrideByQuery('A', prominent)
    .overrideByRegexp(ofServices, toService('server'))
    .overrideByRegexp('/postgres$/', leadingTo({ title: 'The database', url: dashboardUrl('postgres') }))
    .overrideByRegexp('/(bank|erp)$/', leadingTo({ title: 'Those outside', url: dashboardUrl('queue-and-bank') }))

const ownWork = [spans.validateSession, spans.priceCart, spans.lockStock, spans.sweepOrder]
/** Steps have too many names for a colour each, so that colours are kinds: what is none of these is grey. */
const kinds = [
  [`^(${ownWork.join('|')})$`, colours.good],
  ['^pg\\.', colours.usual],
  ['^(GET|POST|PUT|DELETE)\\b', colours.warning],
  [`^${spans.poolConnect}$`, colours.bad],
] as const

export const stepsTimeseries = () =>
  paintedBy(durations('What it does meanwhile, step by step, p99'), kinds)
    .description(
      'How long each kind of step takes, in one request or in a job of the queue: pieces of its own work, statements, calls, and `pg-pool.connect`, the wait for a connection. A step holds the ones inside it. Colours are these kinds. Calm, all of them take some milliseconds, calls of others apart. One step that rises alone is where to look. Next: point at a dot above the dashed line, or click the line, and open a trace.',
    )
    .withTarget(lines('A', steps, `{{${spanName}}}`).exemplar(true))
    .dataLinks([spansLink('Slow ones of these, in Explore', slowStep)])
    .legend(namesBeside())

export const doorTimeseries = () =>
  paintedByName(durations('As its callers find it, p95'))
    .description(
      'The thick line is what the service says of itself: 19 of 20 requests are quicker, from the moment it reads them. The others are what its callers measure, from the moment they ask. They belong together. A gap means that requests arrive and nobody reads them, because the process is busy with something else, or that they are long on their way. `user` is whoever sends no spans: there the service speaks for both. Next: the event loop, below.',
    )
    .withTarget(lines('A', asItSays, 'the service itself'))
    .withTarget(lines('B', asCallersSay, 'as {{client}} finds it'))
    .overrideByQuery('A', prominent)
    .links([link('Runtime', dashboardUrl('runtime', { service: '$service' }))])
