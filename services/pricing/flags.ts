// What this service can be made to do differently. Plain data: the workshop reads it too.
import { defineEdgeFlag } from '../kit/flags/flag.ts'

export const pricingEdge = defineEdgeFlag('pricing')

export const pricingFlags = [pricingEdge] as const
