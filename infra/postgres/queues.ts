// The queue's schema and its queues, made by the owner so that services need no right to create anything.
import type { Client } from 'pg'
import { PgBoss } from 'pg-boss'
import { consumers, queueName } from '../../services/kit/queue/events.ts'

/** Schema of pg-boss. Services open it with `migrate: false, createSchema: false`. */
export const queueSchema = 'queue'

/** Retries soon and for long: a consumer that was killed or a database that restarted must lose no order. */
const queueOptions = {
  retryLimit: 1_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 10,
  // Wakes the consumers as soon as a job is committed.
  notify: true,
  // A job whose consumer died is handed out again after this long.
  expireInSeconds: 15,
  deleteAfterSeconds: 3_600,
} as const

/** Creates or upgrades pg-boss's schema, every consumer's queue, and the rights of those who use them. */
export async function createQueues(client: Client): Promise<void> {
  const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) }
  const boss = new PgBoss({ db, schema: queueSchema, supervise: false, schedule: false, registerInstance: false })
  await boss.start()
  try {
    const wanted = Object.entries(consumers).flatMap(([type, names]) =>
      names.map((consumer) => queueName(type as keyof typeof consumers, consumer)),
    )
    const existing = new Set((await boss.getQueues(wanted)).map(({ name }) => name))
    for (const name of wanted) if (!existing.has(name)) await boss.createQueue(name, queueOptions)
  } finally {
    await boss.stop({ graceful: false })
  }
  await client.query(grants)
}

/**
 * pg-boss moves jobs between states with plain statements, and whoever consumes also maintains the tables: it needs all
 * four rights on rows, none on objects. The sender inserts and reads; its presence row needs the rest.
 */
const grants = `
  GRANT USAGE ON SCHEMA ${queueSchema} TO api, inventory, payment;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${queueSchema} TO inventory, payment;
  GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${queueSchema} TO api, inventory, payment;
  GRANT SELECT ON ALL TABLES IN SCHEMA ${queueSchema} TO api;
  GRANT INSERT ON ALL TABLES IN SCHEMA ${queueSchema} TO api;
  GRANT UPDATE, DELETE ON ${queueSchema}.instance TO api`
