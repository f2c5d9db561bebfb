// Who waits for the database, again and again: for a connection to it, or inside it for somebody else.
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { dashboardLink } from '../dashboard.ts'
import { again, stretchesOver, times } from './again.ts'

const instance = `service_name, ${underscored(attributes.instance)}`

/** Calm, nobody waits; when a process starts, one or two do for a moment. A pool that is drained makes a dozen wait. */
export const waitingRequests = 2

export const poolWaiting = again(
  {
    expr: stretchesOver(prometheusName(metrics.poolWaiting), waitingRequests, { by: instance, how: 'max' }),
    legend: `{{${underscored(attributes.instance)}}}`,
    says: `in how many 5-second stretches of the last minute more than ${waitingRequests} requests waited for a database connection at once`,
  },
  {
    name: 'PoolWaiting',
    summary: `In ${times} more than ${waitingRequests} requests of {{ $labels.service_instance_id }} waited for a database connection.`,
    dashboard: 'postgres',
    serviceLabel: 'service_name',
    runbook: {
      name: 'PoolWaiting',
      means: `All connections of one instance's pool were taken, and more than ${waitingRequests} requests stood in line for one; not once, but again and again within a minute. They wait before the database has heard of them.`,
      isItReal:
        'When a process has just started, or the database has, a short line is normal: look whether it comes again. If checkouts are as quick as ever, the line is short enough to be harmless so far; it is where the next incident will be.',
      lookFirst: [
        `${dashboardLink('postgres')}: do the sessions of that service work, wait for a lock, or are they inside a transaction and do nothing?`,
        `Open a slow one from ${dashboardLink('checkout')}: is it the statement that takes long, or what comes before it?`,
        `Who has the connections at these moments, and for how long? What does the instance do besides? ${dashboardLink('service')}`,
      ],
      ends: 'Whoever keeps the connections needs fewer of them, or for a shorter time. A larger pool helps only if the database itself has time to spare and there is an upper bound to what is asked for: ask how many requests would fill the larger one.',
    },
  },
)

/**
 * Sessions that wait, on average since the last export, a second ago. Calm, one of four samples now and then finds one
 * (0.25); when customers queue for a row it is one to five.
 */
const waitingSessions = 0.5

/** So many at one moment of a quarter of an hour are a line: on a calm day one waits for another now and then. */
export const sessionsInLine = 2

/** The lock of the whole server that a commit takes which notifies somebody (`object`): held while the disk writes, by nobody for long. */
const blocking = { [attributes.waitEvent]: '!=object' }

export const databaseSessionsBlocked = again(
  {
    expr: stretchesOver(`${prometheusName(metrics.dbSessionsWaiting)}${selector(blocking)}`, waitingSessions, {
      by: 'postgresql_user',
      how: 'sum',
    }),
    legend: '{{postgresql_user}}',
    says: 'in how many 5-second stretches of the last minute sessions of a service were held up by another session',
  },
  {
    name: 'DatabaseSessionsBlocked',
    summary: `In ${times} sessions of {{ $labels.postgresql_user }} waited in the database for a lock that another session held.`,
    dashboard: 'postgres',
    // Roles are called like the services that use them.
    serviceLabel: 'postgresql_user',
    runbook: {
      name: 'DatabaseSessionsBlocked',
      means:
        'Sessions of one service had to wait for a lock that another session held, again and again within a minute. The database is not busy then: a lock costs no CPU. Everybody waits until whoever holds the lock commits.',
      isItReal:
        'A wait now and then is what locks are for; it is over in milliseconds and hardly ever seen. This counts waits that were found at least twice a second. After a migration, or a long statement by hand, it goes away with that.',
      lookFirst: [
        `${dashboardLink('postgres')}: the lines at the bottom say who waits for whom, and have a button for the trace that is waited for. Open that one, not the one that waits.`,
        'What does the holder do between its first lock and its commit?',
        `What do those who wait have in common? Compare slow and quick checkouts on ${dashboardLink('checkout')}.`,
      ],
      ends: 'Whoever holds the lock needs it for less, or for a shorter time. Ending the blocking session by hand frees the others for now. More connections only make the line longer.',
    },
  },
)
