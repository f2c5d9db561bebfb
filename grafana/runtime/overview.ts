// Which process? All of them side by side, by the worst that happened to each.
import * as common from '@grafana/grafana-foundation-sdk/common'
import { BytesIEC, PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { dashboardUrl } from '../dashboard.ts'
import { clicked, leadingTo } from '../panels.ts'
import { type Column, sideBySide, upTo } from '../side-by-side.ts'
import { collectingShare, standstillSeconds } from './limits.ts'
import {
  busiestMoment,
  busyOnAverage,
  collectingOverall,
  instance,
  largestHeap,
  longestPauseOverall,
  longestStandstill,
  service,
} from './queries.ts'

const columns: Column[] = [
  {
    title: 'Longest standstill',
    query: longestStandstill,
    unit: Seconds,
    decimals: 3,
    limits: upTo(standstillSeconds),
  },
  { title: 'Busiest 2 s', query: busiestMoment, unit: PercentUnit },
  { title: 'Busy on average', query: busyOnAverage, unit: PercentUnit, decimals: 1 },
  {
    title: 'Collecting garbage',
    query: collectingOverall,
    unit: PercentUnit,
    decimals: 2,
    limits: upTo(collectingShare),
  },
  {
    title: 'Longest pause, at most',
    query: longestPauseOverall,
    unit: Seconds,
    decimals: 3,
    limits: upTo(standstillSeconds),
  },
  { title: 'Largest heap', query: largestHeap, unit: BytesIEC },
]

export const processesTable = () =>
  sideBySide('All processes, in the time range above', { [instance]: 'Process', [service]: 'Service' }, columns)
    .description(
      'One row per process, by the worst that happened to it. Busy on average says little: a process that stands still for half a second every few seconds is idle on average, and everybody who comes just then waits. Standstill without a long pause is work that does not let go; standstill together with a long pause is memory. Next: click the process to see what it answers meanwhile.',
    )
    .unit(Short)
    .sortBy([new common.TableSortByFieldStateBuilder().displayName('Longest standstill').desc(true)])
    .overrideByName(
      'Process',
      leadingTo({
        title: 'What it answers',
        url: dashboardUrl('service', {
          service: clicked('__data.fields.Service'),
          instance: clicked('__value.raw'),
        }),
      }),
    )
