import { z } from 'zod'

export const WorldConfig = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  BANK_PORT: z.coerce.number().int().min(0).max(65_535).describe('TCP port of the bank; 0 picks a free one'),
  LINK_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .describe('TCP port of the line to the bank; 0 picks a free one'),
  ERP_PORT: z.coerce.number().int().min(0).max(65_535).describe('TCP port of the wholesaler’s ERP; 0 picks a free one'),
  INVENTORY_URL: z
    .url({ protocol: /^https?$/ })
    .describe('Base URL of inventory, whose stock report somebody in the office reads'),
  REPORT_EVERY_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(5_000)
    .describe('How long the office waits from one stock report to the next'),
  FLAGS_FILE: z.string().min(1).describe("Flag file in flagd's JSON schema, polled every 300 ms"),
  LEDGER_FILE: z.string().min(1).describe("The bank's ledger, appended and synced before each answer"),
  SEED: z.coerce.number().int().default(1).describe('Seed of latencies and hiccups'),
  BANK_MEDIAN_MS: z.coerce.number().min(0).max(60_000).default(35).describe('Median time the bank takes to answer'),
  BANK_SESSION_MEDIAN_MS: z.coerce
    .number()
    .min(0)
    .max(60_000)
    .default(800)
    .describe('Median time the bank takes to open a session'),
  BANK_SESSION_SECONDS: z.coerce
    .number()
    .min(1)
    .max(3600)
    .default(6)
    .describe('How long a session of the bank is good'),
  BANK_HICCUP_PROBABILITY: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.004)
    .describe('How often the bank answers 503 and means: ask me again'),
  ERP_MEDIAN_MS: z.coerce.number().min(0).max(60_000).default(18).describe('Median time the ERP takes to answer'),
})
