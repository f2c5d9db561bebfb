// Which service? All of them side by side, so that a loud one stands beside those it waits for.
import * as common from '@grafana/grafana-foundation-sdk/common'
import { PercentUnit, RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { errorBudget, slo } from '../../services/kit/slo.ts'
import { waitingRequests } from '../alerts/database.ts'
import { blockedSeconds } from '../alerts/processes.ts'
import { colours } from '../colours.ts'
import { dashboardUrl } from '../dashboard.ts'
import { clicked, leadingTo, upTo } from '../panels.ts'
import { type Column, sideBySide } from '../side-by-side.ts'
import {
  failedByService,
  longestStandstill,
  mostWaiting,
  quantileByService,
  rateByService,
  service,
  slowestCallee,
} from './queries.ts'

/** A warning from half of what a checkout may take: others are in it, too. */
const seconds: Pick<Column, 'unit' | 'width' | 'limits'> = {
  unit: Seconds,
  width: 80,
  limits: upTo(slo.thresholdMs / 1000 / 2),
}

const columns: Column[] = [
  { title: 'Requests', query: rateByService, unit: RequestsPerSecond, width: 95, decimals: 1 },
  { title: 'Failed', query: failedByService, unit: PercentUnit, width: 75, decimals: 2, limits: upTo(errorBudget / 2) },
  { title: 'Median', query: quantileByService(0.5), ...seconds },
  { title: 'p95', query: quantileByService(0.95), ...seconds },
  { title: 'p99', query: quantileByService(0.99), ...seconds },
  {
    title: 'Its p99',
    query: slowestCallee,
    beside: { label: 'server', title: 'Waits longest for', width: 145 },
    ...seconds,
  },
  { title: 'Longest standstill', query: longestStandstill, ...seconds, width: 150, limits: upTo(blockedSeconds) },
  {
    title: 'Most waiting for a connection',
    query: mostWaiting,
    unit: Short,
    width: 225,
    decimals: 0,
    limits: [
      [null, colours.good],
      [waitingRequests + 1, colours.warning],
    ],
  },
]

export const servicesTable = () =>
  sideBySide('All services, in the time range above', [{ label: service, title: 'Service', width: 95 }], columns)
    .description(
      'One row per service: how often it is asked, how often it fails, how long it takes, whom it waits for longest, and whether its event loop or its pool held it up. Whoever calls a slow service is slow as well: follow "Waits longest for" from row to row, and stop where the one that is waited for is quick, or is not ours. Next: click the service to see it below.',
    )
    .unit(Short)
    .sortBy([new common.TableSortByFieldStateBuilder().displayName('p99').desc(true)])
    .overrideByName(
      'Service',
      leadingTo({ title: 'Show it below', url: dashboardUrl('service', { service: clicked('__value.raw') }) }),
    )
