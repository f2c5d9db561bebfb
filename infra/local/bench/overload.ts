// Three times the knee for a minute: what the shop refuses, how quickly, what it still does, and how soon all is well again.
import { setTimeout as sleep } from 'node:timers/promises'
import { lineOf } from '../../../loadtest/live-line.ts'
import { summarise } from '../../../loadtest/report.ts'
import type { Bench } from '../bench.ts'
import { auditUntilSettled } from './audit-settled.ts'
import { type BenchLab, inBenchLab, playAt } from './bench-lab.ts'
import type { BenchContext } from './context.ts'
import { memoryDuring } from './memory-samples.ts'
import { endedOf, type Overload, overloadFactor, overloadSeconds, type Probe, rowsOf } from './overload-rows.ts'

const afterSeconds = 60

export const overload: Bench['run'] = async (context) => {
  const kneePerSecond = await context.knee()
  return inBenchLab(context.signal, async (lab) => rowsOf(await observed(lab, kneePerSecond, context)))
}

async function observed(lab: BenchLab, kneePerSecond: number, { say }: BenchContext): Promise<Overload> {
  const tokens = new Map<string, string>()
  await playAt(lab, { seed: 1, durationSeconds: 15, tokens })
  const pids = lab.pids()
  const ratePerSecond = Math.round(kneePerSecond * overloadFactor)
  const calmPerSecond = Math.min(20, kneePerSecond / 2)
  say(`${ratePerSecond}/s for ${overloadSeconds} s, then ${calmPerSecond}/s for ${afterSeconds} s`)
  // In one go, since the first seconds after the overload are those that count.
  const stages = [
    { toPerSecond: ratePerSecond, seconds: overloadSeconds },
    { toPerSecond: calmPerSecond, seconds: 0 },
    { toPerSecond: calmPerSecond, seconds: afterSeconds },
  ]
  const whole = { seed: 2, durationSeconds: overloadSeconds + afterSeconds, ratePerSecond, stages, tokens }
  const stop = AbortSignal.any([lab.signal, AbortSignal.timeout(overloadSeconds * 1000)])
  const probing = probesOf(lab.urls.api, stop)
  const { result: outcomes, samples } = await memoryDuring(lab, 2_000, () => playAt(lab, whole))
  const isDuring = ({ arrival }: (typeof outcomes)[number]) => arrival.atMs < overloadSeconds * 1000
  const during = outcomes.filter(isDuring)
  const after = outcomes.filter((outcome) => !isDuring(outcome))
  say(`during: ${lineOf(summarise(during))}`)
  say(`after:  ${lineOf(summarise(after))}`)
  const ended = endedOf(pids, lab.pids())
  const report = await auditUntilSettled(lab)
  return { kneePerSecond, during, after, afterSeconds, samples, probes: await probing, ended, report }
}

/** Asks as a stranger, who hears 503 where the shop is full and 401 elsewhere: the driver sees no headers. */
async function probesOf(url: string, signal: AbortSignal): Promise<Probe[]> {
  const probes: Probe[] = []
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  while (!signal.aborted) {
    const answer = await fetch(`${url}/api/checkout`, { ...init, signal }).catch(() => undefined)
    await answer?.body?.cancel().catch(() => undefined)
    if (answer !== undefined) probes.push({ status: answer.status, retryAfter: answer.headers.get('retry-after') })
    await sleep(500, undefined, { signal }).catch(() => {})
  }
  return probes
}
