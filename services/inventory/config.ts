import { z } from 'zod'
import { serviceConfig, urlList } from '../kit/config.ts'

export const InventoryConfig = z.object({
  ...serviceConfig,
  ERP_URL: z.url({ protocol: /^https?$/ }).describe('Base URL of the wholesaler’s ERP, which knows what is on its way'),
  PRICING_URLS: urlList.describe('Base URLs of pricing, comma-separated'),
})
