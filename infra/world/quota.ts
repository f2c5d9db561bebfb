// How much of something is let through: a bucket of permits for each key, which fills up again steadily.
export type Quota = { take(key: string): boolean }

/** At most `burst` at once and `ratePerSecond` in the long run, for each key. `now` is in ms. */
export function createQuota(ratePerSecond: number, burst: number, now = () => performance.now()): Quota {
  const buckets = new Map<string, { permits: number; atMs: number }>()
  return {
    take(key) {
      const atMs = now()
      const before = buckets.get(key) ?? { permits: burst, atMs }
      const permits = Math.min(burst, before.permits + ((atMs - before.atMs) / 1000) * ratePerSecond)
      const isLeft = permits >= 1
      buckets.set(key, { permits: isLeft ? permits - 1 : permits, atMs })
      return isLeft
    },
  }
}
