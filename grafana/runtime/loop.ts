// Does a process get round to its work? It has one thread, and whatever keeps that busy keeps everybody waiting.
import type { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries'
import { PercentUnit, RequestsPerSecond, Seconds } from '@grafana/grafana-foundation-sdk/units'
import { blockedSeconds } from '../alerts/processes.ts'
import { dashboardUrl } from '../dashboard.ts'
import { clicked, link, paintedByName, spansLink, timeseries, timeseriesWithLimit } from '../panels.ts'
import { slowAnswers } from '../service/queries.ts'
import { lines } from '../sources.ts'
import { busyShare } from './limits.ts'
import { busiest, delayP99, instance, requests, service, standstill } from './queries.ts'

export const processName = `{{${instance}}}`
const itself = clicked(`__field.labels.${instance}`)

/** A line per process, and a dashed one where it gets too much. */
export const processes = (title: string, limit?: number): TimeseriesPanel => {
  const panel = limit === undefined ? timeseries(title) : timeseriesWithLimit(title, limit)
  return paintedByName(panel).dataLinks([
    link(
      `What ${itself} answers`,
      dashboardUrl('service', { service: clicked(`__field.labels.${service}`), instance: itself }),
    ),
    spansLink(`Slow requests of ${itself}, in Explore`, slowAnswers),
  ])
}

export const standstillTimeseries = () =>
  processes('Longest standstill of the event loop', blockedSeconds)
    .description(
      'The longest that a process was late for what was due. Nothing is read, answered or sent meanwhile, whoever it is for, and the requests that arrive say nothing of it themselves: their time starts when they are read. 10 to 30 ms are normal, since it is looked at every 10 ms. A single high peak is one piece of work that does not let go. Next: click it for the slow requests of that time, and look for the one that was at work.',
    )
    .withTarget(lines('A', standstill, processName))
    .unit(Seconds)

export const delayTimeseries = () =>
  processes('Event loop delay, p99', blockedSeconds)
    .description(
      'How late a process was for 99 of 100 of the things that were due. 10 to 20 ms are normal. It leaves out the odd standstill, which the panel on the left shows; if it rises as well, the process is late nearly all the time: it has more work than one thread can do. Next: how busy it is, and whether it is asked more often than before.',
    )
    .withTarget(lines('A', delayP99, processName))
    .unit(Seconds)

export const busiestTimeseries = () =>
  processes('How busy the event loop is', busyShare)
    .description(
      'The share of time in which a process had something to do, in its busiest two seconds of each step: 10 to 30 % are normal. Near 100 % everything queues behind everything. A short peak, over and over, is work that comes in bursts. High all the time, with more requests than before, is load; with the same number of requests, each of them costs more. Next: the requests below.',
    )
    .withTarget(lines('A', busiest, processName))
    .unit(PercentUnit)

export const requestsTimeseries = () =>
  processes('Requests a second')
    .description(
      'How many requests each process answers: what it is busy with. If these rise with how busy it is, there is more to do; if they fall while it is busy, it does not get round to them; if they stay as they were, look at what a single request does. Next: Load says whether customers come more often, Service whether a caller asks more often.',
    )
    .withTarget(lines('A', requests, processName))
    .unit(RequestsPerSecond)
