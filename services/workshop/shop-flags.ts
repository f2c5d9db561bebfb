// Every flag of the shop and of the world around it. The workshop lists and writes them; whoever reads them only picks.
import { worldFlags } from '../../infra/world/flags.ts'
import { apiFlags } from '../api/flags.ts'
import { inventoryFlags } from '../inventory/flags.ts'
import type { Flag, Setting } from '../kit/flags/flag.ts'
import { paymentFlags } from '../payment/flags.ts'
import { pricingFlags } from '../pricing/flags.ts'

export const shopFlags: readonly Flag[] = [
  ...apiFlags,
  ...inventoryFlags,
  ...paymentFlags,
  ...pricingFlags,
  ...worldFlags,
]

/** Whether a setting only says that a flag is as it always is. */
export const isCalmSetting = ({ flag, variant }: Setting): boolean =>
  shopFlags.some(({ name, calm }) => name === flag && calm === variant)
