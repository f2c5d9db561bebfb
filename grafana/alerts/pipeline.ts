// The telemetry of the telemetry: what would otherwise be noticed as "the dashboards look calm".
import { CountsPerSecond, Short } from '@grafana/grafana-foundation-sdk/units'
import { dashboardLink } from '../dashboard.ts'
import { collectorMetrics } from '../foreign-metrics.ts'
import { asOf } from '../vectors.ts'
import type { Alert } from './alert.ts'

// A backend that is away: its queue holds what it has not got yet, and loses nothing until it is full. A queue of so many
// spans, lines or points is some ten seconds of telemetry; calm ones are nearly empty.
const longQueue = 5000
const queueSize = collectorMetrics.queueSize
export const backendBehind: Alert = {
  name: 'BackendBehind',
  expr: `${queueSize} > ${longQueue}`,
  forSeconds: 15,
  summary: '{{ $labels.exporter }} has not taken {{ $value | humanize }} spans, lines or points that are meant for it.',
  severity: 'ticket',
  window: 'workshop',
  comparison: '>',
  threshold: longQueue,
  value: {
    expr: queueSize,
    legend: '{{exporter}}',
    unit: Short,
    says: 'how many spans, lines or points wait in the Collector for each backend',
  },
  dashboard: 'pipeline',
  runbook: {
    name: 'BackendBehind',
    means:
      'One of the backends does not take what the Collector has for it. Nothing is lost yet: it waits on disk, and is delivered in order. But what that backend shows is late, and a trace without its lines or a curve that ends early misleads whoever looks.',
    isItReal:
      'A burst of traffic fills a queue for a moment. If the curve below falls, it is being worked off. If it rises evenly, nothing is taken at all.',
    lookFirst: [
      `${dashboardLink('pipeline')}: which exporter, and does it send anything?`,
      'Is that backend there and has it room: `docker compose ps`, and its log? The Collector logs what it was answered.',
      `Is there more to store than usual? ${dashboardLink('load')}`,
    ],
    ends: 'The backend comes back, or gets the memory or disk that it lacks; the queue then empties by itself, oldest first. Do not restart the Collector: the queue is on disk, what it holds in memory is not.',
  },
}

/** What was refused at the door, could not be put into a queue, or was given up. */
const lost = [
  collectorMetrics.sendFailedSpans,
  collectorMetrics.sendFailedPoints,
  collectorMetrics.sendFailedLines,
  collectorMetrics.enqueueFailedSpans,
  collectorMetrics.enqueueFailedPoints,
  collectorMetrics.enqueueFailedLines,
  collectorMetrics.refusedSpans,
  collectorMetrics.refusedPoints,
  collectorMetrics.refusedLines,
]
// What fails for the first time is a counter that was not there before: a rate would see nothing of it.
const perSecond = (metric: string) => `rate(${metric}[1m]) > 0 or (${metric} unless ${asOf(metric, '1m')}) / 60`
// Without a label of its own each, two kinds of one exporter would be the same series to `or`, and one of them dropped.
const kinds = lost.map((metric) => `label_replace(${perSecond(metric)}, "lost", "${metric}", "", "")`)
const lostRate = `sum by (exporter, receiver) (${kinds.join(' or ')})`

// Telemetry that was refused at the door or given up is gone; what is missing then is a hole in the lesson, not in the shop.
export const telemetryLost: Alert = {
  name: 'TelemetryLost',
  expr: `${lostRate} > 0`,
  forSeconds: 0,
  summary:
    '{{ $labels.exporter }}{{ $labels.receiver }} gives up {{ $value | humanize }} spans, lines or points a second.',
  severity: 'ticket',
  window: 'workshop',
  comparison: '>',
  threshold: 0,
  value: {
    expr: `${lostRate} or on() label_replace(vector(0), "exporter", "none", "", "")`,
    legend: '{{exporter}}{{receiver}}',
    unit: CountsPerSecond,
    says: 'how many spans, lines and points are refused or given up each second, by where',
  },
  dashboard: 'pipeline',
  runbook: {
    name: 'TelemetryLost',
    means:
      'The Collector refused telemetry at its door, had no room for it, or gave it up after a backend had refused it. What was given up is gone; what was refused at the door may be sent again. Traces may lack spans and curves may sag: do not conclude from what is missing.',
    isItReal:
      'It is as real as it gets: this counts it one by one, and usually that is nothing. If it is a receiver alone and stops within seconds, senders have probably tried again. The shop is not affected.',
    lookFirst: [
      `${dashboardLink('pipeline')}: is it a receiver, which refuses because memory is short, or an exporter, whose backend said no?`,
      "The Collector's log quotes what the backend answered: too old, too large, too many, or not known.",
      `Is there more of it than usual, because there is more traffic? ${dashboardLink('load')}`,
    ],
    ends: 'Less is sent, the Collector gets more memory, or the backend takes what it refused. What is lost does not come back: note the time, so that nobody looks for it.',
  },
}
