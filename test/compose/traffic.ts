// Checkouts of a plan against a running stack, and one behind a lock that somebody holds.
import { expect } from 'vitest'
import { play } from '../../loadtest/driver.ts'
import { type Outcome, succeeded } from '../../loadtest/outcome.ts'
import { plan } from '../../loadtest/plan.ts'
import { proof } from '../../loadtest/profiles.ts'
import { labControls, workshopClient } from '../../services/workshop/client.ts'
import { eventually } from '../helpers/eventually.ts'
import type { Stack } from './docker.ts'

/** Shop and backends share two cores with the tests. */
const perSecond = 10

/** Ten checkouts a second for so long, and no others: the baseline is silent meanwhile. */
export async function checkoutsFor(stack: Stack, durationSeconds: number, seed: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const arrivals = plan({ ...proof, ratePerSecond: perSecond, durationSeconds }, seed)
  const { pause, resume } = labControls(workshopClient(new URL(stack.url('WORKSHOP_PORT'))))
  await pause(durationSeconds + 10)
  for await (const outcome of play(arrivals, new URL(stack.url('API_PORT')), new AbortController().signal))
    outcomes.push(outcome)
  await resume()
  return outcomes
}

/** Trace ids of the checkouts that went well. */
export const tracesOf = (outcomes: readonly Outcome[]): string[] =>
  outcomes.filter(succeeded).flatMap(({ traceId }) => traceId ?? [])

/** Those that failed for another reason than a card without credit, which the plan has on purpose. */
export const failuresOf = (outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.filter((outcome) => !succeeded(outcome) && outcome.code !== 'card_declined')

/** Of the requests themselves: how late they were sent says something of this process, not of the shop. */
export function p99Of(outcomes: readonly Outcome[]): number {
  const requests = outcomes.flatMap(({ requestMs }) => requestMs ?? []).sort((a, b) => a - b)
  return requests[Math.floor(requests.length * 0.99)] ?? Number.NaN
}

/**
 * Somebody holds a product's row in Postgres, in the name of a trace where one is given; resolves when they do, with a promise
 * of when it was let go.
 */
export async function holdStock(
  stack: Stack,
  sku: string,
  seconds: number,
  { traceparent }: { traceparent?: string } = {},
): Promise<{ letGo: Promise<string> }> {
  const hold = `SELECT id FROM inventory.stock WHERE sku = '${sku}' FOR UPDATE; SELECT pg_sleep(${seconds})`
  const comment = traceparent === undefined ? '' : ` /*traceparent='${traceparent}'*/`
  const letGo = psql(stack, `BEGIN; ${hold}; COMMIT${comment};`)
  const holding = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
  await eventually('somebody holds the row', async () => expect((await psql(stack, holding)).trim()).toBe('1'))
  return { letGo }
}

function psql(stack: Stack, sql: string): Promise<string> {
  const as = ['-h', '/var/run/postgresql', '-U', 'postgres', '-d', 'shop']
  return stack.must('exec', '-T', 'postgres', 'psql', '-q', '-t', '-A', ...as, '-c', sql)
}
