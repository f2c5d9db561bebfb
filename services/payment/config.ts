import { z } from 'zod'
import { serviceConfig } from '../kit/config.ts'

export const PaymentConfig = z.object({
  ...serviceConfig,
  BANK_URL: z.url({ protocol: /^https?$/ }).describe('Base URL of the bank'),
  OTEL_RESOURCE_ATTRIBUTES: z
    .string()
    .transform((list) => /(?:^|,)service\.instance\.id=([^,]+)/.exec(list)?.[1])
    .pipe(z.string('expected service.instance.id=… among them'))
    .describe('Which instance this is: service.instance.id, as its telemetry says'),
})
