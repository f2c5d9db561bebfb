// A fix, shipped for real during a drill: its flags are set, and checkouts show whether it was one.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Setting } from '../../kit/flags/flag.ts'
import { errorBudget } from '../../kit/slo.ts'
import { objectiveOf } from '../../lens/evidence.ts'
import type { Shipped } from '../contract.ts'
import { NoDrill, NotArmed } from '../errors.ts'
import type { Faults } from '../faults.ts'
import type { Counts } from '../impact-watch.ts'
import type { Scenario } from '../scenario.ts'
import { shopFlags } from '../shop-flags.ts'

export type ShippingDeps = {
  faults: Pick<Faults, 'set'>
  count: (fromMs: number, untilMs: number) => Promise<Counts>
  /** What was queued before the fix is worked off first; then checkouts are watched for so long, and twice that at most. */
  settleSeconds?: number
  watchSeconds?: number
  lookEveryMs?: number
}

/** What a fix sets. Nothing for one that leaves the cause alone and that flags cannot do: the checkouts stay as they are. */
export function settingsOf(fix: string, { rightFix, wrongFixes }: Scenario): Setting[] {
  return (rightFix?.fix === fix ? rightFix.set : wrongFixes.find((one) => one.fix === fix)?.set) ?? []
}

/** As it was before a fix: what the scenario arms, and else calm. */
export function undoing(settings: readonly Setting[], { arm }: Scenario): Setting[] {
  return settings.map(({ flag }) => {
    const armed = arm.find((one) => one.flag === flag)
    return armed ?? { flag, variant: shopFlags.find(({ name }) => name === flag)?.calm ?? '' }
  })
}

/** @throws AppError when a flag cannot be set or was not read by everybody, or when `signal` aborts in between. */
export async function ship(
  settings: readonly Setting[],
  { faults }: Pick<ShippingDeps, 'faults'>,
  signal: AbortSignal,
): Promise<void> {
  for (const { flag, ...asked } of settings) {
    // What is taken back may be what was armed: after a reset it must not be armed again.
    if (signal.aborted) throw new NoDrill('The drill is over.')
    const { missing } = await faults.set(flag, asked)
    if (missing.length > 0)
      throw new NotArmed(`Not shipped: ${missing.map(({ name, why }) => `${name}: ${why}`).join('; ')}.`)
  }
}

/** Ends when it is known what the fix is worth, or when `signal` aborts. */
export async function watch(
  shipped: Shipped,
  { count, settleSeconds = 5, watchSeconds = 30, lookEveryMs = 1000 }: ShippingDeps,
  signal: AbortSignal,
): Promise<void> {
  const fromMs = Date.parse(shipped.shippedAt) + settleSeconds * 1000
  const enoughMs = fromMs + watchSeconds * 1000
  const mostMs = enoughMs + watchSeconds * 1000
  while (shipped.state === 'watching') {
    await sleep(lookEveryMs, undefined, { signal })
    const nowMs = Date.now()
    if (nowMs <= fromMs) continue
    // Who is away for a moment is asked again.
    const counts = await count(fromMs, nowMs).catch(() => undefined)
    if (counts === undefined && nowMs < mostMs) continue
    const { checkouts, slow } = counts ?? { checkouts: 0, slow: 0 }
    Object.assign(shipped, { checkouts, ...(checkouts === 0 ? {} : { since: slow / checkouts }) })
    if (nowMs < enoughMs) continue
    const { state } = objectiveOf({ total: checkouts, slow })
    if (state === 'held') shipped.state = 'recovered'
    else if (state === 'failed') shipped.state = 'still slow'
    else if (nowMs >= mostMs) shipped.state = (shipped.since ?? 1) <= errorBudget ? 'recovered' : 'still slow'
  }
}
