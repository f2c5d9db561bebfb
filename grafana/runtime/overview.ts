// Which process? All of them side by side, by the worst that happened to each.
import * as common from '@grafana/grafana-foundation-sdk/common'
import { BytesIEC, PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { blockedSeconds } from '../alerts/processes.ts'
import { dashboardUrl } from '../dashboard.ts'
import { clicked, leadingTo, upTo } from '../panels.ts'
import { type Column, sideBySide } from '../side-by-side.ts'
import { collectingShare } from './limits.ts'
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
    width: 150,
    limits: upTo(blockedSeconds),
  },
  { title: 'Busiest 2 s', query: busiestMoment, unit: PercentUnit, width: 105, decimals: 0 },
  { title: 'Busy on average', query: busyOnAverage, unit: PercentUnit, width: 140, decimals: 1 },
  {
    title: 'Collecting garbage',
    query: collectingOverall,
    unit: PercentUnit,
    width: 150,
    decimals: 2,
    limits: upTo(collectingShare),
  },
  {
    title: 'Longest pause, at most',
    query: longestPauseOverall,
    unit: Seconds,
    width: 175,
    limits: upTo(blockedSeconds),
  },
  { title: 'Largest heap', query: largestHeap, unit: BytesIEC, width: 115, decimals: 0 },
]

export const processesTable = () =>
  sideBySide(
    'All processes, in the time range above',
    [
      { label: instance, title: 'Process', width: 110 },
      { label: service, title: 'Service', width: 95 },
    ],
    columns,
  )
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
