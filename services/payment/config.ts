import { z } from 'zod'
import { serviceConfig } from '../kit/config.ts'

export const PaymentConfig = z.object({
  ...serviceConfig,
  BANK_URL: z.url({ protocol: /^https?$/ }).describe('Base URL of the bank'),
})
