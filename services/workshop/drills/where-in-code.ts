// Where it is chosen between the variants of a flag, as paths in the repository: what a reveal points at.
import type { Setting } from '../../kit/flags/flag.ts'

export const chosenIn: Record<string, string> = {
  'trace-sampling': 'services/api/sampling.ts',
  'reservation-locking': 'services/inventory/reserve.ts',
  'cart-pricing': 'services/inventory/reserve.ts',
  'price-turns': 'services/inventory/reserve.ts',
  'price-timeout': 'services/inventory/pricing.ts',
  'report-reading': 'services/inventory/report.ts',
  'bank-session': 'services/payment/session.ts',
  'coupon-matching': 'services/pricing/coupons.ts',
  'price-cache': 'services/pricing/cache.ts',
  'card-checks': 'infra/world/bank.ts',
  'company-cards': 'infra/world/bank.ts',
  'bank-quota': 'infra/world/bank.ts',
  'bank-link': 'infra/world/link.ts',
  'agreement-lookup': 'infra/world/erp.ts',
  'office-hours': 'infra/world/report.ts',
  repricing: 'infra/world/repricing.ts',
}

/** Each file once, in the order of the settings. Edge flags are read in one place for all services. */
export const codeOf = (settings: readonly Setting[]): string[] => [
  ...new Set(settings.map(({ flag }) => chosenIn[flag] ?? 'services/kit/http/edge.ts')),
]
