import { z } from 'zod'
import { serviceConfig } from '../kit/config.ts'

export const PricingConfig = z.object({
  ...serviceConfig,
  ERP_URL: z.url({ protocol: /^https?$/ }).describe('Base URL of the wholesaler’s ERP, which knows agreed prices'),
  CACHE_TTL_SECONDS: z.coerce.number().min(0).max(3600).default(60).describe('How long a list price may be remembered'),
})
