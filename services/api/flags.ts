// What this service can be made to do differently. Plain data: the workshop reads it too.
import { defineEdgeFlag, defineFlag } from '../kit/flags/flag.ts'

/** Which requests are traced. */
export const traceSampling = defineFlag({
  name: 'trace-sampling',
  variants: ['everything', 'by-cost'],
  calm: 'everything',
  keys: [],
  shareBy: 'trace_id',
})

export const apiEdge = defineEdgeFlag('api')

export const apiFlags = [traceSampling, apiEdge] as const
