// Postgres for one service: a pool that can be watched, plain queries, and transactions that always end.
import { type BatchObservableResult, metrics as meters } from '@opentelemetry/api'
import pg from 'pg'
import { toldAfterMs } from '../limits.ts'
import type { Logger } from '../telemetry/log.ts'
import { attributes, metrics } from '../telemetry/names.ts'
import './waiting.ts'

export type Row = Record<string, unknown>

/** Runs SQL; inside `transaction`, on that transaction's connection. Errors are pg's, with the SQLSTATE in `code`. */
export interface Tx {
  query<R extends Row>(text: string, values?: unknown[]): Promise<R[]>
}

export interface Database extends Tx, AsyncDisposable {
  /** Commits what `work` did, or rolls all of it back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** Longer than any request has time for: what is still waiting then waits for nobody. */
const patience = { connectionTimeoutMillis: 10_000, lock_timeout: 10_000, statement_timeout: 15_000 }

/** A session costs Postgres some 3 MiB for as long as it lasts: after a crowd they go again, but not between two checkouts. */
const idleMs = 60_000

/** Opens a pool; connections are made when needed, so Postgres may still be starting. */
export function openDatabase(url: string, { poolMax, log }: { poolMax: number; log: Logger }): Database {
  const pool = new pg.Pool({ ...partsOf(url), ...patience, max: poolMax, idleTimeoutMillis: idleMs })
  // An idle connection that breaks is replaced on next use; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'))
  const unwatch = watchPool(pool, 'main')
  return {
    query: <R extends Row>(text: string, values?: unknown[]) =>
      withConnection(pool, log, async (client, discard) => {
        const { rows } = await client.query<R>(text, values).catch((error: Error) => {
          if (!isOfStatement(error)) discard(error)
          throw error
        })
        return rows
      }),
    transaction: (work) => withConnection(pool, log, (client, discard) => transaction(client, work, discard)),
    [Symbol.asyncDispose]: async () => {
      unwatch()
      await pool.end()
    },
  }
}

/** Host, port and database apart: from a connection string the instrumentation cannot tell them. */
export function partsOf(url: string) {
  const { hostname, port, username, password, pathname } = new URL(url)
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
  }
}

/** Anything else may have ended the connection, which is told of that a moment later than we are. */
const isOfStatement = (error: Error): boolean => error instanceof pg.DatabaseError && error.severity === 'ERROR'

type Discard = (reason: Error) => void

/** Lends a connection to `work`, which may say that it is not fit for anybody else. */
async function withConnection<T>(
  pool: pg.Pool,
  log: Logger,
  work: (client: pg.PoolClient, discard: Discard) => Promise<T>,
): Promise<T> {
  const client = await connected(pool, log)
  let broken: Error | undefined
  const discard = (reason: Error) => {
    broken = reason
  }
  // Between two queries a connection that breaks has nobody else to tell, and would end the process.
  client.on('error', discard)
  try {
    return await work(client, discard)
  } finally {
    client.off('error', discard)
    client.release(broken)
  }
}

async function connected(pool: pg.Pool, log: Logger): Promise<pg.PoolClient> {
  const askedAt = performance.now()
  try {
    return await pool.connect()
  } finally {
    const waitedMs = Math.round(performance.now() - askedAt)
    if (waitedMs >= toldAfterMs) log.warn(`waited ${waitedMs} ms for a database connection`)
  }
}

async function transaction<T>(client: pg.PoolClient, work: (tx: Tx) => Promise<T>, discard: Discard): Promise<T> {
  try {
    await client.query('BEGIN')
    const result = await work({ query: async (text, values) => (await client.query(text, values)).rows as never })
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(discard)
    throw error
  }
}

/**
 * The instrumentation's own connection counts are read too early and shared by all pools of a process; these are exact. Queues
 * are shorter than the time between two observations, so it is the longest since the last one that is told.
 */
function watchPool(pool: pg.Pool, name: string): () => void {
  const meter = meters.getMeter('shop.store')
  const connections = meter.createObservableGauge(metrics.poolConnections, { unit: '{connection}' })
  const waiting = meter.createObservableGauge(metrics.poolWaiting, { unit: '{request}' })
  let longest = 0
  const noteQueue = () => {
    longest = Math.max(longest, pool.waitingCount)
  }
  // Only where none is free: a request for a connection that is there stands in the queue until the next tick.
  pool.on('release', () => {
    if (pool.idleCount === 0 && pool.totalCount >= pool.options.max) noteQueue()
  })
  const observe = (result: BatchObservableResult) => {
    const state = (value: 'used' | 'idle') => ({ [attributes.pool]: name, [attributes.poolState]: value })
    result.observe(connections, pool.totalCount - pool.idleCount, state('used'))
    result.observe(connections, pool.idleCount, state('idle'))
    noteQueue()
    result.observe(waiting, longest, { [attributes.pool]: name })
    longest = 0
  }
  meter.addBatchObservableCallback(observe, [connections, waiting])
  return () => meter.removeBatchObservableCallback(observe, [connections, waiting])
}
