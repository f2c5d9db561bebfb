import { z } from 'zod'
import { serviceConfig, urlList } from '../kit/config.ts'
import { isLoopback } from '../kit/loopback.ts'

/** Good enough on one's own machine, and refused anywhere else. */
const loopbackSecret = 'only-for-this-machine'

export const ApiConfig = z
  .object({
    ...serviceConfig,
    INVENTORY_URLS: urlList.describe('Base URLs of inventory, comma-separated'),
    PAYMENT_URLS: urlList.describe('Base URLs of payment, comma-separated'),
    SESSION_SECRET: z.string().min(16).default(loopbackSecret).describe('Signs session tokens; required off loopback'),
    CHECKOUT_DEADLINE_MS: z.coerce
      .number()
      .int()
      .min(100)
      .max(60_000)
      .default(5_000)
      .describe('How long a checkout may take before it is given up'),
    CHECKOUTS_UNDER_WAY_MAX: z.coerce
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(128)
      .describe('Checkouts at a time; who comes besides gets 503. 20 a second of 5 s each, the deadline, are 100'),
    SWEEP_INTERVAL_MS: z.coerce
      .number()
      .int()
      .min(50)
      .default(1_000)
      .describe('How often unfinished orders are looked for'),
  })
  .refine((config) => config.SESSION_SECRET !== loopbackSecret || isLoopback(config.HOST), {
    path: ['SESSION_SECRET'],
    error: 'expected a secret of your own, since HOST is not this machine alone',
  })
