// The arrows of the map as rows, with the rare slow calls that an average hides.
import * as common from '@grafana/grafana-foundation-sdk/common'
import { PercentUnit, RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { errorBudget, slo } from '../../services/kit/slo.ts'
import { dashboardUrl } from '../dashboard.ts'
import { clicked, leadingTo, upTo } from '../panels.ts'
import { type Column, sideBySide } from '../side-by-side.ts'
import { edge, failedShare, quantileOfCalls, rateOfCalls, toOthers, toServices } from './queries.ts'

/** Half of what a checkout may take is a warning, all of it is bad: there are other calls in it, too. */
const seconds: Pick<Column, 'unit' | 'width' | 'limits'> = {
  unit: Seconds,
  width: 75,
  limits: upTo(slo.thresholdMs / 1000 / 2),
}

const columns = (to: Record<string, string>): Column[] => [
  { title: 'Calls', query: rateOfCalls(to), unit: RequestsPerSecond, width: 90, decimals: 1 },
  {
    title: 'Failed',
    query: failedShare(to),
    unit: PercentUnit,
    width: 70,
    decimals: 2,
    limits: upTo(errorBudget / 2),
  },
  { title: 'Median', query: quantileOfCalls(0.5, to), ...seconds },
  { title: 'p99', query: quantileOfCalls(0.99, to), ...seconds },
]

/** The ends of an arrow, and how they speak. */
const ends = [
  { label: edge.client, title: 'Caller', width: 85 },
  { label: edge.server, title: 'Called', width: 85 },
  { label: edge.how, title: 'How', width: 65 },
]

const how = {
  id: 'mappings',
  value: [
    {
      type: 'value',
      options: {
        messaging_system: { text: 'queue', index: 0 },
        virtual_node: { text: 'HTTP', index: 1 },
        database: { text: 'SQL', index: 2 },
      },
    },
    { type: 'special', options: { match: 'empty', result: { text: 'HTTP', index: 3 } } },
  ],
}

const table = (title: string, to: Record<string, string>) =>
  sideBySide(title, ends, columns(to))
    .unit(Short)
    .overrideByName('How', [how])
    .sortBy([new common.TableSortByFieldStateBuilder().displayName('p99').desc(true)])

const toService = {
  title: 'How this service is doing',
  url: dashboardUrl('service', { service: clicked('__value.raw') }),
}

export const servicesTable = () =>
  table('Calls of our services', toServices)
    .description(
      'A row for everybody who calls one of our services, slowest first, over the time range above: how often, the share that fails, and how long the caller waits; for jobs of the queue, how long they are worked on. A caller is as slow as those it waits for: look for the called one that is slow although it waits for nobody. Next: click the called one.',
    )
    .overrideByName('Called', leadingTo(toService))

export const othersTable = () =>
  table('Calls of the database and of others outside', toOthers)
    .description(
      'The same for those that send no spans themselves: the database, the bank, the wholesaler. How long they take is what their caller measures, the way there included. If they are quick and the caller is slow, it is the caller. Next: click the called one for what is known about it, or the caller.',
    )
    .overrideByName('Caller', leadingTo(toService))
    .overrideByName(
      'Called',
      leadingTo(
        { title: 'The database', url: dashboardUrl('postgres') },
        { title: 'The bank and the wholesaler', url: dashboardUrl('queue-and-bank') },
      ),
    )
