// Waits until every instance of every service says that it has read the flag file's newest content.
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/** An instance and where it answers health checks. */
export type Instance = { name: string; healthUrl: string }

/** `missing` says of each instance that has not read it what it said instead. */
export type Acknowledgement = { revision: string; acknowledgedBy: string[]; missing: { name: string; why: string }[] }

const Health = z.object({ revision: z.string() })
const answerWithinMs = 1000

/** Asks until all have the revision or the time is up; services poll every 300 ms. Never rejects but for the signal. */
export async function acknowledged(
  instances: readonly Instance[],
  revision: string,
  { withinMs = 3000, everyMs = 100, signal }: { withinMs?: number; everyMs?: number; signal?: AbortSignal } = {},
): Promise<Acknowledgement> {
  const deadline = Date.now() + withinMs
  const options = signal === undefined ? {} : { signal }
  for (;;) {
    const seen = await lookAt(instances, revision)
    if (seen.missing.length === 0 || Date.now() >= deadline) return seen
    await sleep(everyMs, undefined, options)
  }
}

/** One look at all instances. */
export async function lookAt(instances: readonly Instance[], revision: string): Promise<Acknowledgement> {
  const answers = await Promise.all(instances.map(async (one) => ({ name: one.name, ...(await askOne(one)) })))
  return {
    revision,
    acknowledgedBy: answers.filter((answer) => answer.revision === revision).map(({ name }) => name),
    missing: answers
      .filter((answer) => answer.revision !== revision)
      .map(({ name, why, revision: other }) => ({ name, why: why ?? `it has revision ${other}` })),
  }
}

async function askOne({ healthUrl }: Instance): Promise<{ revision?: string; why?: string }> {
  try {
    const response = await fetch(healthUrl, { signal: AbortSignal.timeout(answerWithinMs) })
    const body = Health.safeParse(await response.json().catch(() => undefined))
    return body.success
      ? { revision: body.data.revision }
      : { why: `${healthUrl} answered ${response.status} without a revision` }
  } catch {
    return { why: `${healthUrl} cannot be reached` }
  }
}
