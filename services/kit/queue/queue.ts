// The queue between services: pg-boss in the shop's own Postgres. Jobs are inserted in the sender's transaction, so that
// an order and its events are stored together or not at all; the trace context travels in the job's row.
import { metrics as meters, type ObservableResult } from '@opentelemetry/api'
import { type Job, PgBoss } from 'pg-boss'
import { partsOf, type Tx } from '../store/database.ts'
import type { Logger } from '../telemetry/log.ts'
import { attributes, metrics } from '../telemetry/names.ts'
import { consumers, type EventOf, queueName, type ShopEvent } from './events.ts'

export interface Queue {
  /** Adds the event to every consumer's queue within `tx`. */
  publish(tx: Tx, event: ShopEvent): Promise<void>
  /**
   * Handles events one by one, at least once: a handler that throws is called again. `signal` aborts when the job's time
   * is up or the consumer stops.
   */
  consume<T extends ShopEvent['type']>(
    type: T,
    consumer: string,
    handle: (event: EventOf<T>, signal: AbortSignal) => Promise<void>,
  ): Promise<AsyncDisposable>
}

export type QueueOptions = { consumes: boolean; log: Logger }

/** How long a stopping consumer waits for the job it is at. */
const drainMs = 5_000

/** Opens the queue under a service's own role. The schema is made by the migrations. */
export async function openQueue(url: string, { consumes, log }: QueueOptions): Promise<Queue & AsyncDisposable> {
  const boss = new PgBoss({
    ...partsOf(url),
    schema: 'queue',
    // Fetching and completing take milliseconds; the work between them has connections of its own.
    max: consumes ? 2 : 1,
    // Woken when a job is committed; polling stays on as the floor.
    useListenNotify: consumes,
    migrate: false,
    createSchema: false,
    schedule: false,
    // Whoever consumes also returns the jobs of consumers that died.
    supervise: consumes,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    openTelemetry: { propagateContext: true },
  })
  boss.on('error', (error) => log.warn({ err: error }, 'the queue had a hiccup'))
  await boss.start()
  return {
    publish: (tx, event) => publish(boss, tx, event),
    consume: (type, consumer, handle) => consume(boss, type, consumer, handle),
    [Symbol.asyncDispose]: () => boss.stop({ graceful: true, timeout: drainMs }),
  }
}

async function publish(boss: PgBoss, tx: Tx, event: ShopEvent): Promise<void> {
  const db = { executeSql: async (text: string, values?: unknown[]) => ({ rows: await tx.query(text, values) }) }
  for (const consumer of consumers[event.type]) await boss.send(queueName(event.type, consumer), event, { db })
}

async function consume<T extends ShopEvent['type']>(
  boss: PgBoss,
  type: T,
  consumer: string,
  handle: (event: EventOf<T>, signal: AbortSignal) => Promise<void>,
): Promise<AsyncDisposable> {
  const name = queueName(type, consumer)
  // One job at a time keeps it in its order's trace (a batch would start a trace of its own). A worker fetches once per
  // interval or notification, so several are needed to empty a backlog.
  const options = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5, localConcurrency: 4, batchSize: 1 }
  const unwatch = watchAge(boss, name, consumer)
  await boss.work<EventOf<T>>(name, options, async ([job]: Job<EventOf<T>>[]) => {
    if (job !== undefined) await handle(job.data, job.signal)
  })
  return {
    [Symbol.asyncDispose]: async () => {
      unwatch()
      await boss.offWork(name, { wait: true })
    },
  }
}

/** Reports for how long the event that has been due longest waits for a consumer, in seconds: 0 when nothing waits. */
function watchAge(boss: PgBoss, name: string, consumer: string): () => void {
  const gauge = meters.getMeter('shop.queue').createObservableGauge(metrics.queueAge, { unit: 's' })
  const observe = async (result: ObservableResult) => {
    const { rows } = await boss.getDb().executeSql(oldestJob, [name])
    result.observe(Number(rows[0]?.age_seconds ?? 0), { [attributes.consumer]: consumer })
  }
  gauge.addCallback(observe)
  return () => gauge.removeCallback(observe)
}

// Not since it was made: an event that failed is tried again later, and until then nobody keeps it waiting.
const oldestJob = `SELECT extract(epoch FROM now() - min(start_after)) AS age_seconds
  FROM queue.job WHERE name = $1 AND state < 'active' AND start_after <= now()`
