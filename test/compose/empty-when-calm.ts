// Panels that are rightly empty while all is calm, and an incident that fills each.

export type EmptyWhenCalm = { dashboard: string; place: string; scenario: string }

export const emptyWhenCalm: EmptyWhenCalm[] = [
  { dashboard: 'checkout', place: 'Alerts that fire', scenario: 'hot-product' },
  { dashboard: 'postgres', place: 'Slow statements', scenario: 'hot-product' },
  { dashboard: 'postgres', place: 'Who waits for whom', scenario: 'hot-product' },
  { dashboard: 'service', place: 'Calls and statements that took longer than 250 ms', scenario: 'hot-product' },
  { dashboard: 'checkout', place: 'Newest checkouts over $slowerThan, slowest first', scenario: 'hot-product' },
]
