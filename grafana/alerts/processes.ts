// Whose own work does not get done: a process that is stopped by one piece of it, a queue that nobody works off.
import { Seconds } from '@grafana/grafana-foundation-sdk/units'
import { slo } from '../../services/kit/slo.ts'
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { dashboardLink } from '../dashboard.ts'
import { again, stretchesOver, times } from './again.ts'
import type { Alert } from './alert.ts'

const instance = `service_name, ${underscored(attributes.instance)}`

/** Half of what a checkout may take: a stall of that length leaves hardly anybody who meets it enough of the rest. */
export const blockedSeconds = slo.thresholdMs / 2 / 1000

// Calm: 10 to 60 ms, and up to 150 ms when much garbage is collected.
export const eventLoopBlocked = again(
  {
    expr: stretchesOver(prometheusName(metrics.eventLoopDelayMax), blockedSeconds, { by: instance, how: 'max' }),
    legend: `{{${underscored(attributes.instance)}}}`,
    says: `in how many 5-second stretches of the last minute the event loop stood still for more than ${blockedSeconds * 1000} ms`,
  },
  {
    name: 'EventLoopBlocked',
    summary: `In ${times} the event loop of {{ $labels.service_instance_id }} stood still for more than ${blockedSeconds * 1000} ms.`,
    dashboard: 'runtime',
    serviceLabel: 'service_name',
    runbook: {
      name: 'EventLoopBlocked',
      means: `A process did one thing for more than ${blockedSeconds * 1000} ms without a pause, again and again. It has one thread for everybody: meanwhile it reads no request and no answer, and whoever asks it waits, whatever for.`,
      isItReal:
        'Starting, or collecting much garbage, stops a process too, but not every few seconds. If all instances of all services show it at the same moments, the machine is short of CPU, and no single one of them is to blame.',
      lookFirst: [
        `${dashboardLink('runtime')}: is it one instance? Is garbage collected at those moments, or is the CPU used by the code itself?`,
        'In traces from those moments look for several requests whose server spans begin at the same instant: they had been waiting. The one that ended just before them is the one that worked.',
        `What has that one in common with others like it: a route, a size, any other attribute? ${dashboardLink('service')}`,
      ],
      ends: 'The piece of work becomes smaller, is cut into pieces, gets a limit, or moves off the thread. With another instance each of them stops less often, but nobody who meets it at that time waits any less.',
    },
  },
)

/**
 * Calm, an event is fetched within 20 ms. One that failed is not counted before its next attempt is due, and one whose
 * consumer died is due again after 15 s: what has been due for 10 s is waited for by nobody.
 */
export const oldSeconds = 10
const age = `max by (${underscored(attributes.consumer)}) (${prometheusName(metrics.queueAge)})`

export const queueOld: Alert = {
  name: 'QueueOld',
  expr: `${age} > ${oldSeconds}`,
  forSeconds: 10,
  summary: `The oldest event for {{ $labels.${underscored(attributes.consumer)} }} has waited {{ $value | humanizeDuration }}.`,
  severity: 'ticket',
  window: 'workshop',
  comparison: '>',
  threshold: oldSeconds,
  value: {
    expr: age,
    legend: `{{${underscored(attributes.consumer)}}}`,
    unit: Seconds,
    says: 'for how long the event of each consumer that has been due longest has been waiting',
  },
  dashboard: 'queue-and-bank',
  runbook: {
    name: 'QueueOld',
    means:
      'Events are put into the queue and nobody fetches them, or more come than are worked off. Customers do not notice: their order is placed. But stock stays reserved and cards are not charged until it is done.',
    isItReal:
      'After an outage of a consumer there is a backlog, which is fine as long as the curve falls. If it rises by a second each second, nothing is fetched at all. If the consumer is gone altogether there is no curve: then a service is silent, and that is another alert.',
    lookFirst: [
      `${dashboardLink('queue-and-bank')}: does it concern one consumer? Are events worked off at all, how long does one take, and do they fail?`,
      `Is the consumer's service well otherwise? ${dashboardLink('service')}, ${dashboardLink('runtime')}`,
      `Does its work wait for the database or for a connection to it? ${dashboardLink('postgres')}`,
    ],
    ends: 'The consumer gets what it lacks and works the backlog off by itself, each event once. Do not empty the queue: what is in it is owed to customers.',
  },
}
