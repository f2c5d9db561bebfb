// What this service can be made to do differently. Plain data: the workshop reads it too.
import { defineEdgeFlag } from '../kit/flags/flag.ts'

export const paymentEdge = defineEdgeFlag('payment')

export const paymentFlags = [paymentEdge] as const
