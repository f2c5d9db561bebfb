// What this service can be made to do differently. Plain data: the workshop reads it too.
import { defineEdgeFlag } from '../kit/flags/flag.ts'

export const apiEdge = defineEdgeFlag('api')

export const apiFlags = [apiEdge] as const
