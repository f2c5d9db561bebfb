// How many sessions are in which state and wait for what, as gauges.
import { metrics, attributes as names, serviceNames } from '../../services/kit/telemetry/names.ts'
import { dbAttributes } from './attributes.ts'
import type { Session } from './observer.ts'
import type { GaugePoint, Values } from './otlp.ts'

/** Adds up samples; `take` gives the mean number of sessions since the last call, so averages over any window are true. */
export function createSessionCounts() {
  // Series that once existed go on with zero: a gap would look like missing telemetry, or linger at its last value.
  const known = new Map<string, { metric: string; attributes: Values }>()
  let sums = new Map<string, number>()
  let sampleCount = 0
  const add = (metric: string, attributes: Values, count: number) => {
    const key = JSON.stringify([metric, attributes])
    known.set(key, { metric, attributes })
    sums.set(key, (sums.get(key) ?? 0) + count)
  }
  return {
    add(sessions: Session[], database: string): void {
      sampleCount += 1
      for (const session of sessions) add(metrics.dbSessions, labelsOf(session), 1)
      for (const user of serviceNames) add(metrics.dbSessionsWaiting, rowLockLabels(user, database), 0)
      for (const session of sessions.filter(({ blocked_by }) => blocked_by.length > 0))
        add(metrics.dbSessionsWaiting, waitLabels(session), 1)
    },
    take(atMs: number): GaugePoint[] {
      const samples = Math.max(sampleCount, 1)
      const points = [...known].map(([key, series]) => ({
        ...series,
        unit: '{session}',
        atMs,
        value: (sums.get(key) ?? 0) / samples,
      }))
      sums = new Map()
      sampleCount = 0
      return points
    },
  }
}

const waitLabels = ({ usename, datname, wait_event_type, wait_event }: Session): Values => ({
  [dbAttributes.namespace]: datname,
  [dbAttributes.user]: usename,
  [names.waitEventType]: wait_event_type ?? 'none',
  [names.waitEvent]: wait_event ?? 'none',
})

const labelsOf = (session: Session): Values => ({
  ...waitLabels(session),
  [names.sessionState]: session.state ?? 'unknown',
})

const rowLockLabels = (usename: string, datname: string): Values =>
  waitLabels({ usename, datname, wait_event_type: 'Lock', wait_event: 'transactionid' } as Session)
