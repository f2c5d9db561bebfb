// Coupons: whether what a customer typed can be a code at all, and what the shop takes off for it.
import { Script } from 'node:vm'
import type { Flags } from '../kit/flags/watch.ts'
import { currentTraceId } from '../kit/http/trace-response.ts'
import { attributes } from '../kit/telemetry/names.ts'
import { annotate } from '../kit/telemetry/span.ts'
import type { Tier } from './contract.ts'
import { couponMatching } from './flags.ts'
import type { PriceSignals } from './signals.ts'
import type { PriceStore } from './store.ts'

export type CouponDeps = { store: PriceStore; flags: Flags; signals: PriceSignals }

/** What a coupon takes off everything, in percent: 0 without one, and for one that the shop does not know. */
export async function percentOff(typed: string | undefined, tier: Tier, deps: CouponDeps): Promise<number> {
  if (typed === undefined) {
    annotate({ [attributes.coupon]: 'none' })
    return 0
  }
  const { store, flags, signals } = deps
  const variant = flags.pick(couponMatching, { [attributes.tier]: tier, trace_id: currentTraceId() ?? '' })
  const code = typed.trim().toUpperCase()
  const percent = variants[variant](code) ? await store.couponPercent(code.replaceAll('-', '')) : undefined
  annotate({ [attributes.coupon]: percent === undefined ? 'refused' : 'accepted' })
  if (percent === undefined) signals.couponRefused(typed)
  else signals.couponAccepted(typed)
  return percent ?? 0
}

const variants = { linear: isGroups, backtracking: isGroupsLeniently }

/** Groups of letters and digits with a dash between them: whatever it is, there is one way to read it. */
function isGroups(code: string): boolean {
  return /^[A-Z0-9]+(?:-[A-Z0-9]+)*-?$/.test(code)
}

/**
 * People leave the dashes out, so the pattern was loosened: a dash *may* follow a group. Now a group may end anywhere, and
 * what does not match in the end is tried in every way of cutting it up, twice as many with every letter. A time limit was
 * to make that harmless; but it is used up on the thread that serves everybody.
 * Stands for the patterns that stopped Stack Overflow (its outage postmortem of 20 July 2016) and Cloudflare ("Details of the
 * Cloudflare outage on July 2, 2019", on its blog).
 */
function isGroupsLeniently(code: string): boolean {
  try {
    return lenientGroups.runInNewContext({ code }, { timeout: patienceMs })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false
    throw error
  }
}

const patienceMs = 650
const lenientGroups = new Script('/^(?:[A-Z0-9]+-?)+$/.test(code)')
