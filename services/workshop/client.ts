// The workshop's HTTP API as the command line calls it.
import { z } from 'zod'
import { type CliConfig, workshopUrlOf } from './config.ts'
import * as contract from './contract.ts'
import type { LabControls } from './prove.ts'
import type { Asked } from './settings.ts'

/** The workshop answered with an error of its own; the message is its sentence. */
export class WorkshopRefused extends Error {
  override name = 'WorkshopRefused'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export type WorkshopClient = ReturnType<typeof workshopClient>

/** Longer than services get to acknowledge. */
const answerWithinMs = 20_000

/** `token` for a workshop that asks for one. Each call throws WorkshopRefused, or an Error with a sentence when the workshop cannot be reached. */
export function workshopClient(baseUrl: URL, token?: string) {
  const call = <S extends z.ZodType>(method: string, path: string, shape: S, body?: unknown) =>
    request(new URL(path, baseUrl), { method, shape, body, token })
  const named = (id: string) => `/api/scenarios/${encodeURIComponent(id)}/start`
  return {
    flags: () => call('GET', '/api/flags', contract.FlagList),
    set: (name: string, asked: Asked) => call('PUT', `/api/flags/${encodeURIComponent(name)}`, contract.FlagSet, asked),
    reset: () => call('POST', '/api/reset', contract.Acknowledgement, {}),
    traffic: () => call('GET', '/api/traffic', contract.Traffic),
    setTraffic: (asked: z.input<typeof contract.SetTraffic>) => call('POST', '/api/traffic', contract.Traffic, asked),
    scenarios: async () => (await call('GET', '/api/scenarios', contract.ScenarioList)).scenarios,
    start: async (id: string, seed: number, { hidden = false } = {}) =>
      (await call('POST', named(id), contract.CurrentScenario, { seed, hidden })).current,
    current: async () => (await call('GET', '/api/scenarios/current', contract.CurrentScenario)).current,
    startDrill: async (asked: z.input<typeof contract.StartDrill>) =>
      (await call('POST', '/api/drills', contract.StartedDrill, asked)).current,
    drill: async () => (await call('GET', '/api/drills/current', contract.CurrentDrill)).current,
    drillHint: () => call('POST', '/api/drills/current/hint', contract.DrillHint, {}),
    /** The workshop says what is wrong with it. */
    answerDrill: (answer: unknown) => call('POST', '/api/drills/current/answer', contract.DrillGrade, answer),
    shipFix: async (fix: number) =>
      (await call('POST', '/api/drills/current/fix', contract.StartedDrill, { fix })).current,
    revealDrill: () => call('POST', '/api/drills/current/reveal', contract.DrillReveal, {}),
    drills: () => call('GET', '/api/drills', contract.DrillBoard),
  }
}

/** The workshop that a command is about. */
export const workshopOf = (config: CliConfig): WorkshopClient =>
  workshopClient(workshopUrlOf(config), config.WORKSHOP_TOKEN)

/** What a proof needs of the lab, through the workshop service. */
export function labControls(client: WorkshopClient): LabControls {
  return {
    async arm(settings) {
      for (const { flag, ...asked } of settings) refuseMissing(await client.set(flag, asked))
    },
    reset: async () => refuseMissing(await client.reset()),
    async pause(forSeconds) {
      await client.setTraffic({ paused: true, reason: 'a proof is running', forSeconds })
    },
    async resume() {
      await client.setTraffic({ paused: false })
    },
  }
}

/** ` payment-2: … cannot be reached`, for a sentence that says who has not read the flag file. */
export const missingSentence = ({ missing }: { missing: { name: string; why: string }[] }): string =>
  missing.map(({ name, why }) => `${name}: ${why}`).join('; ')

function refuseMissing(acknowledgement: { missing: { name: string; why: string }[] }): void {
  if (acknowledgement.missing.length === 0) return
  throw new Error(
    `Not every service has read the flag file (${missingSentence(acknowledgement)}). Is the whole lab up?`,
  )
}

const ErrorShape = z.object({ code: z.string(), message: z.string() })

type Request<S extends z.ZodType> = { method: string; shape: S; body: unknown; token: string | undefined }

async function request<S extends z.ZodType>(
  url: URL,
  { method, shape, body, token }: Request<S>,
): Promise<z.output<S>> {
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  const sent = body === undefined ? { headers } : { headers, body: JSON.stringify(body) }
  const response = await fetch(url, { method, ...sent, signal: AbortSignal.timeout(answerWithinMs) }).catch(
    (cause: unknown) => {
      throw new Error(
        `The workshop at ${url.origin} cannot be reached. Is the lab running? Start it with: npm start, or docker compose up -d --wait`,
        { cause },
      )
    },
  )
  const answer: unknown = await response.json().catch(() => undefined)
  const refusal = ErrorShape.safeParse(answer)
  if (!response.ok && refusal.success) throw new WorkshopRefused(refusal.data.code, refusal.data.message)
  const result = shape.safeParse(answer)
  if (response.ok && result.success) return result.data
  throw new Error(
    `${url.href} answered ${response.status} and not as the workshop does; is something else on that port?`,
  )
}
