// Samples pg_stat_activity and tells who keeps whom waiting: log lines in the waiting request's trace that name the
// blocking one.
import type { Client } from 'pg'
import { attributes as names } from '../../services/kit/telemetry/names.ts'
import { dbAttributes } from './attributes.ts'
import type { LogRecord } from './otlp.ts'
import { traceOf, withoutTrace } from './trace-of.ts'

/** One client session, as the sampling query returns it. */
export type Session = {
  pid: number
  usename: string
  datname: string
  state: string | null
  wait_event_type: string | null
  wait_event: string | null
  query: string
  /** When the wait for a lock began and when the sample was taken, both by Postgres's clock. */
  waiting_since_ms: number | null
  now_ms: number
  blocked_by: number[]
}

/** Blockers are asked for only where a lock is waited for: the question itself takes a lock inside Postgres. */
const sampling = `
  SELECT pid, usename, datname, state, wait_event_type, wait_event, query,
         CASE WHEN wait_event_type = 'Lock' THEN pg_blocking_pids(pid) ELSE '{}' END AS blocked_by,
         CASE WHEN wait_event_type = 'Lock' THEN
           (SELECT extract(epoch FROM min(waitstart)) * 1000 FROM pg_locks l WHERE l.pid = a.pid AND NOT granted)::float8
         END AS waiting_since_ms,
         (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms
  FROM pg_stat_activity a
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND datname = current_database()`

export async function sampleSessions(client: Client): Promise<Session[]> {
  return (await client.query<Session>(sampling)).rows
}

const firstLineAfterMs = 100
const nextLineAfterMs = 1_000

/** Remembers what was said about whom, so that a wait is told when it begins to hurt and then once a second. */
export function createWaitReporter() {
  let toldMs = new Map<string, number>()
  return (sessions: Session[]): LogRecord[] => {
    const byPid = new Map(sessions.map((session) => [session.pid, session]))
    const still = new Map<string, number>()
    const records = waits(sessions, byPid).flatMap(({ session, blockerPid, waitMs }) => {
      const key = `${session.pid}/${blockerPid}/${session.waiting_since_ms}`
      const told = toldMs.get(key)
      const isDue = told === undefined || waitMs - told >= nextLineAfterMs
      still.set(key, isDue ? waitMs : told)
      return isDue ? [waitRecord(session, blockerPid, byPid.get(blockerPid), waitMs)] : []
    })
    toldMs = still
    return records
  }
}

type Wait = { session: Session; blockerPid: number; waitMs: number }

function waits(sessions: Session[], byPid: Map<number, Session>): Wait[] {
  return sessions.flatMap((session) => {
    const waitMs = session.waiting_since_ms === null ? 0 : session.now_ms - session.waiting_since_ms
    if (waitMs < firstLineAfterMs) return []
    return headsOf(session, byPid).map((blockerPid) => ({ session, blockerPid, waitMs }))
  })
}

/**
 * Who really holds things up. Postgres names everybody in front of a session, most of whom wait as well; they are
 * followed to whoever waits for nobody. In a deadlock there is no such session, and all in front are named.
 */
function headsOf(waiting: Session, byPid: Map<number, Session>): number[] {
  const inFront = new Set(waiting.blocked_by)
  for (const pid of inFront) for (const next of byPid.get(pid)?.blocked_by ?? []) inFront.add(next)
  const heads = [...inFront].filter((pid) => (byPid.get(pid)?.blocked_by ?? []).length === 0)
  return heads.length > 0 ? heads : [...new Set(waiting.blocked_by)]
}

function waitRecord(waiting: Session, blockerPid: number, blocker: Session | undefined, waitMs: number): LogRecord {
  const rounded = Math.round(waitMs)
  const who = blocker ? `${blocker.usename}, ${blocker.state}` : 'ended meanwhile'
  return {
    atMs: waiting.now_ms,
    severity: 'warn',
    body: `${waiting.usename} session ${waiting.pid} has waited ${rounded} ms for ${waiting.wait_event}; blocked by session ${blockerPid} (${who})`,
    attributes: {
      [dbAttributes.system]: 'postgresql',
      [dbAttributes.namespace]: waiting.datname,
      [dbAttributes.user]: waiting.usename,
      [dbAttributes.statement]: withoutTrace(waiting.query),
      [names.sessionPid]: waiting.pid,
      [names.waitMs]: rounded,
      [names.waitEventType]: waiting.wait_event_type ?? undefined,
      [names.waitEvent]: waiting.wait_event ?? undefined,
      [names.blockedByPid]: blockerPid,
      // An idle session still shows its last statement, and that one's comment names the trace that holds the lock.
      [names.blockedByTraceId]: blocker && traceOf(blocker.query)?.traceId,
      [names.blockedByService]: blocker?.usename,
    },
    ...traceOf(waiting.query),
  }
}
