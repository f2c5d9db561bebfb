// Every flag of the shop with the service that reads it. The workshop lists and writes them; the services only pick.
import { apiFlags } from '../api/flags.ts'
import { inventoryFlags } from '../inventory/flags.ts'
import type { Flag } from '../kit/flags/flag.ts'
import { paymentFlags } from '../payment/flags.ts'
import { pricingFlags } from '../pricing/flags.ts'

export const shopFlags: readonly Flag[] = [...apiFlags, ...inventoryFlags, ...paymentFlags, ...pricingFlags]
