import { z } from 'zod'
import { serviceConfig } from '../kit/config.ts'

export const PaymentConfig = z.object({
  ...serviceConfig,
  BANK_URL: z.url({ protocol: /^https?$/ }).describe('Base URL of the bank'),
  INSTANCE_ID: z.string().min(1).default('payment-1').describe('Which instance this is, as in service.instance.id'),
})
