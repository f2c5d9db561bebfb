// Postgres for one service: a pool that can be watched, plain queries, and transactions that always end.
import { type BatchObservableResult, metrics as meters } from '@opentelemetry/api'
import pg from 'pg'
import type { Logger } from '../telemetry/log.ts'
import { attributes, metrics } from '../telemetry/names.ts'

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

/** Opens a pool; connections are made when needed, so Postgres may still be starting. */
export function openDatabase(url: string, { poolMax, log }: { poolMax: number; log: Logger }): Database {
  const pool = new pg.Pool({ ...partsOf(url), ...patience, max: poolMax, idleTimeoutMillis: 300_000 })
  // An idle connection that breaks is replaced on next use; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'))
  const unwatch = watchPool(pool, 'main')
  return {
    query: async <R extends Row>(text: string, values?: unknown[]) => (await pool.query<R>(text, values)).rows,
    transaction: (work) => transaction(pool, work),
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

async function transaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // Between two queries a connection that breaks has nobody else to tell, and would end the process.
  const onError = (reason: Error) => {
    broken = reason
  }
  client.on('error', onError)
  try {
    await client.query('BEGIN')
    const result = await work({ query: async (text, values) => (await client.query(text, values)).rows as never })
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(onError)
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/** The instrumentation's own connection counts are read too early and shared by all pools of a process; these are exact. */
function watchPool(pool: pg.Pool, name: string): () => void {
  const meter = meters.getMeter('shop.store')
  const connections = meter.createObservableGauge(metrics.poolConnections, { unit: '{connection}' })
  const waiting = meter.createObservableGauge(metrics.poolWaiting, { unit: '{request}' })
  const observe = (result: BatchObservableResult) => {
    const state = (value: 'used' | 'idle') => ({ [attributes.pool]: name, [attributes.poolState]: value })
    result.observe(connections, pool.totalCount - pool.idleCount, state('used'))
    result.observe(connections, pool.idleCount, state('idle'))
    result.observe(waiting, pool.waitingCount, { [attributes.pool]: name })
  }
  meter.addBatchObservableCallback(observe, [connections, waiting])
  return () => meter.removeBatchObservableCallback(observe, [connections, waiting])
}
