// What sessions of the database do, recorded: a page that asked for every second of a day would need more memory than
// Prometheus has.
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector } from '../../services/kit/telemetry/prometheus-names.ts'
import { type Labels, sumBy } from '../vectors.ts'
import type { Recorded, RuleGroup } from './alert.ts'

export const role = 'postgresql.user'
const { sessionState, waitEvent, waitEventType } = attributes

const waiting = prometheusName(metrics.dbSessionsWaiting)
const sessions = (labels: Labels) => `${prometheusName(metrics.dbSessions)}${selector(labels)}`
const active: Labels = { [sessionState]: 'active' }

/**
 * The most at one moment: a sum of what each series had at its own worst moment would be more than ever was there. The rules
 * are evaluated every 5 s and look at 10, because what is measured in the last seconds before one may be stored after it.
 */
const mostAtOnce = (what: string, vector: string): Recorded => ({
  name: `shop:${what}:max10s`,
  expr: `max_over_time((${vector})[10s:1s])`,
})

/** Those of each role, and of all of them without that label: the most of all is less than the sum of each one's most. */
const eachAndAll = (by: readonly string[], vector: string) =>
  `${sumBy([role, ...by], vector)} or ${by.length === 0 ? `sum(${vector})` : sumBy(by, vector)}`

const recorded = {
  waiting: mostAtOnce('db_sessions_waiting', eachAndAll([], waiting)),
  waitingByType: mostAtOnce('db_sessions_waiting_by_type', sumBy([role, waitEventType], waiting)),
  waitingByEvent: mostAtOnce('db_sessions_waiting_by_event', sumBy([role, waitEventType, waitEvent], waiting)),
  working: mostAtOnce('db_sessions_working', eachAndAll([], sessions({ ...active, [waitEventType]: '!=Lock' }))),
  open: mostAtOnce('db_sessions_open', eachAndAll([], sessions({ [sessionState]: '=~idle in transaction.*' }))),
  activeByType: mostAtOnce('db_sessions_active_by_type', eachAndAll([waitEventType], sessions(active))),
  // Without `idle`: connections that nobody uses at the time.
  byState: mostAtOnce('db_sessions_by_state', sumBy([role, sessionState], sessions({ [sessionState]: '!=idle' }))),
}

/**
 * The names of the recorded series. `waiting`, `working`, `open` and `activeByType` have those without a role beside those of
 * each: ask for one role or for none, or take the largest.
 */
export const recordedSessions = {
  waiting: recorded.waiting.name,
  waitingByType: recorded.waitingByType.name,
  waitingByEvent: recorded.waitingByEvent.name,
  working: recorded.working.name,
  open: recorded.open.name,
  activeByType: recorded.activeByType.name,
  byState: recorded.byState.name,
}

export const sessionsGroup: RuleGroup = { name: 'sessions', recorded: Object.values(recorded), alerts: [] }
