// Options that every lesson has.
import { summaryTrendStats } from './own-numbers.ts'
import { systemTags } from './shop.ts'

export const common = {
  systemTags,
  summaryTrendStats,
  // A long plan takes its time to be made.
  setupTimeout: '120s',
} as const
