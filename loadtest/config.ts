// What the baseline traffic and `npm run load` read from the environment.
import { z } from 'zod'
import { portBase, portOf } from '../services/kit/config.ts'

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' })

export const LoadtestConfig = z.object({
  PORT_BASE: portBase,
  API_URL: httpUrl.optional().describe('The shop to visit; the local api when absent'),
  WORKSHOP_URL: httpUrl.optional().describe('Asked whether traffic is to pause; never pauses when absent'),
  WORKSHOP_TOKEN: z.string().optional().describe('The token of a workshop that asks for one'),
})

export type LoadtestConfig = z.output<typeof LoadtestConfig>

/** The shop to visit: the one given, else the local api. */
export function apiUrlOf(config: LoadtestConfig): URL {
  return new URL(config.API_URL ?? `http://127.0.0.1:${portOf('api', config.PORT_BASE)}`)
}

/** The workshop that keeps load runs: the one given, else the local one. */
export function workshopUrlOf(config: LoadtestConfig): URL {
  return new URL(config.WORKSHOP_URL ?? `http://127.0.0.1:${portOf('workshop', config.PORT_BASE)}`)
}

/** The local viewer, as a browser opens it. */
export const viewerUrlOf = (config: LoadtestConfig): URL =>
  new URL(`http://localhost:${portOf('viewer', config.PORT_BASE)}`)
