// The workshop as a player on this machine talks to it.
import type { SentOutcome } from '../outcome.ts'
import type { RunReport } from '../run-report.ts'
import type { Written } from './ending.ts'

/** The workshop said no; the message is its sentence. */
export class Refused extends Error {
  override name = 'Refused'
}

export type LoadSummary = { run: string; lesson: string; player: string; startedAtMs: number }

/** What it takes to ship something and to wait for every service to have read it, and some more. */
const answerWithinMs = 20_000

/** `token` for a workshop that asks for one. Each call rejects with Refused, or with an Error when the workshop cannot be reached. */
export function workshopAt(url: URL, token?: string) {
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const sent = body === undefined ? { headers } : { headers, body: JSON.stringify(body) }
    const response = await fetch(new URL(path, url), { method, ...sent, signal: AbortSignal.timeout(answerWithinMs) })
    if (response.ok) return response
    const answer = (await response.json().catch(() => undefined)) as { message?: string } | undefined
    throw new Refused(answer?.message ?? `The workshop at ${url.origin} answered ${response.status}.`)
  }
  const named = (run: string) => `/api/loads/${encodeURIComponent(run)}`
  return {
    start: async (asked: object) =>
      (await (await ask('POST', '/api/loads', asked)).json()) as { run: string; startedAtMs: number },
    add: async (run: string, outcomes: SentOutcome[]) => void (await ask('POST', `${named(run)}/outcomes`, outcomes)),
    end: async (run: string, isPartial: boolean) => void (await ask('POST', `${named(run)}/end`, { isPartial })),
    list: async () => ((await (await ask('GET', '/api/loads')).json()) as { loads: LoadSummary[] }).loads,
    pageUrl: (run: string) => new URL(`/loads/${run}`, url).href.replace('127.0.0.1', 'localhost'),
    /** The report in every form. */
    async written(run: string): Promise<Written> {
      const [report, text, page] = await Promise.all([
        ask('GET', named(run)).then((answer) => answer.json() as Promise<RunReport>),
        ask('GET', `${named(run)}/text`).then((answer) => answer.text()),
        ask('GET', `/loads/${encodeURIComponent(run)}`).then((answer) => answer.text()),
      ])
      return { report, text, page }
    },
  }
}
export type Workshop = ReturnType<typeof workshopAt>
