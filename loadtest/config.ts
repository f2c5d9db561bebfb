// What the baseline traffic reads from the environment.
import { z } from 'zod'
import { portBase, portOf } from '../services/kit/config.ts'

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' })

export const LoadtestConfig = z.object({
  PORT_BASE: portBase,
  API_URL: httpUrl.optional().describe('The shop to visit; the local api when absent'),
  WORKSHOP_URL: httpUrl.optional().describe('Asked whether traffic is to pause; never pauses when absent'),
})

export type LoadtestConfig = z.output<typeof LoadtestConfig>

/** The shop to visit: the one given, else the local api. */
export function apiUrlOf(config: LoadtestConfig): URL {
  return new URL(config.API_URL ?? `http://127.0.0.1:${portOf('api', config.PORT_BASE)}`)
}
