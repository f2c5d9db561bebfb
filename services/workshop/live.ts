// What customers feel right now: how many checkouts there are and how long they take, from the shop's own histogram.
import { slo } from '../kit/slo.ts'
import { attributes, metrics } from '../kit/telemetry/names.ts'
import { bucketQuantile, mergedBuckets } from '../lens/histogram.ts'
import type { Series, Source, Window } from '../lens/source.ts'

/** Checkouts of a stretch of time. Without any, nobody knows how long they take. `notPlaced` ended without an order. */
export type Feel = {
  checkouts: number
  perSecond: number
  p50Ms?: number
  p99Ms?: number
  slow: number
  notPlaced: number
}
/** `steps` are of `stepMs` each, oldest first; `before` and `since` are about what was shipped `sinceMs`. */
export type Live = { steps: (Feel & { atMs: number })[]; lately: Feel; before?: Feel; since?: Feel }

/** As often as telemetry comes. */
export const stepMs = 5_000
const shownMs = 5 * 60_000
const latelyMs = 15_000
const beforeMs = 60_000

/** Of an incident that goes on for longer, the last part is what is shown as since. */
const longestMs = 15 * 60_000

/** @throws Error a sentence when the source cannot be reached. */
export async function liveIn(source: Source, sinceMs: number | undefined, nowMs = Date.now()): Promise<Live> {
  const fromMs = Math.max(nowMs - longestMs, Math.min(nowMs - shownMs, sinceMs ?? nowMs))
  const windows = [{ fromMs, toMs: nowMs }]
  // What was before may be long ago.
  if (sinceMs !== undefined && sinceMs - beforeMs < fromMs)
    windows.push({ fromMs: sinceMs - beforeMs, toMs: Math.min(sinceMs, fromMs) })
  const found = await Promise.all(windows.map((window) => source.series(metrics.checkoutDuration, {}, window)))
  return liveOf(found.flat(), sinceMs, nowMs)
}

/** Pure. */
export function liveOf(series: readonly Series[], sinceMs: number | undefined, nowMs: number): Live {
  const feel = (window: Window) => feelOf(series, window)
  const firstMs = Math.floor((nowMs - shownMs) / stepMs) * stepMs
  const steps = Array.from({ length: shownMs / stepMs }, (_, i) => {
    const atMs = firstMs + i * stepMs
    return { atMs, ...feel({ fromMs: atMs, toMs: atMs + stepMs }) }
  })
  return {
    steps,
    lately: feel({ fromMs: nowMs - latelyMs, toMs: nowMs }),
    ...(sinceMs === undefined
      ? {}
      : {
          before: feel({ fromMs: sinceMs - beforeMs, toMs: sinceMs }),
          since: feel({ fromMs: Math.max(sinceMs, nowMs - longestMs), toMs: nowMs }),
        }),
  }
}

function feelOf(series: readonly Series[], { fromMs, toMs }: Window): Feel {
  const within = series.flatMap(({ labels, points }) =>
    points
      .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
      .map((point) => ({ ...point, isPlaced: labels[attributes.outcome] === 'placed' })),
  )
  const counted = (which: typeof within) => which.reduce((sum, { count = 0 }) => sum + count, 0)
  const checkouts = counted(within)
  const buckets = mergedBuckets(within.flatMap((point) => point.buckets ?? []))
  const quantileMs = (probability: number) => bucketQuantile(buckets, probability) * 1000
  const slow = buckets.filter(({ upTo }) => upTo * 1000 > slo.thresholdMs).reduce((sum, { count }) => sum + count, 0)
  return {
    checkouts,
    // What has just begun has at most one export.
    perSecond: checkouts / (Math.max(stepMs, toMs - fromMs) / 1000),
    ...(checkouts === 0 ? {} : { p50Ms: quantileMs(0.5), p99Ms: quantileMs(0.99) }),
    slow,
    notPlaced: checkouts - counted(within.filter(({ isPlaced }) => isPlaced)),
  }
}
