// Panels that are rightly empty or at zero while all is calm, and an incident that fills or raises each.

export type EmptyWhenCalm = { dashboard: string; place: string; scenario: string }

export const emptyWhenCalm: EmptyWhenCalm[] = [
  { dashboard: 'checkout', place: 'Alerts that fire', scenario: 'hot-product' },
  { dashboard: 'postgres', place: 'Slow statements', scenario: 'hot-product' },
  { dashboard: 'postgres', place: 'Who waits for whom', scenario: 'hot-product' },
  { dashboard: 'service', place: 'Calls and statements that took longer than 250 ms', scenario: 'hot-product' },
  { dashboard: 'checkout', place: 'Newest checkouts over $slowerThan, slowest first', scenario: 'hot-product' },
]

/**
 * These say zero while nothing happens, as they would with a wrong name in their query. What is given up is raised in
 * outages.test.ts, what is asked again in `npm run sightings`; nothing here makes checkouts fail.
 */
export const zeroWhenCalm: EmptyWhenCalm[] = [
  { dashboard: 'checkout', place: 'Database sessions waiting', scenario: 'hot-product' },
  { dashboard: 'postgres', place: 'Most sessions waiting for another', scenario: 'hot-product' },
  { dashboard: 'postgres', place: 'Waiting for another session, by service and lock', scenario: 'hot-product' },
]

/** These say zero where there is nothing, too, but each of their curves is above it whenever somebody buys. */
export const aboveZeroWhenCalm: Omit<EmptyWhenCalm, 'scenario'>[] = [
  { dashboard: 'checkout', place: 'Good checkouts' },
  { dashboard: 'pipeline', place: 'Accepted a second, and sent on (dashed)' },
  { dashboard: 'pipeline', place: 'How much of what happens is kept' },
]
