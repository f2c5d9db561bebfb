import { z } from 'zod'
import { serviceConfig, urlList } from '../kit/config.ts'

export const InventoryConfig = z.object({
  ...serviceConfig,
  PRICING_URLS: urlList.describe('Base URLs of pricing, comma-separated'),
})
