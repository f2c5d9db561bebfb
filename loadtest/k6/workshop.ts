// What k6 tells the workshop, which keeps the baseline quiet, ships what the lesson is about, and writes the report.
// Without a workshop, or with one that does not answer, a lesson is played all the same.
import http, { type Response } from 'k6/http'
import type { Lesson } from '../lessons.ts'
import type { SentOutcome } from '../outcome.ts'
import type { Arrival } from '../plan.ts'
import { planHash } from '../plan.ts'
import { minutes, rate, seed, workshopPageUrl, workshopToken, workshopUrl } from './settings.ts'
import { field, notTheShop } from './shop.ts'

export type Announced = { run: string; isKnown: boolean }

/** Says what is about to come. @throws when the workshop says that it cannot be now: two loads would spoil each other. */
export function announce(lesson: Lesson, arrivals: readonly Arrival[]): Announced {
  const alone = { run: Math.floor(Math.random() * 2 ** 32).toString(16), isKnown: false }
  if (workshopUrl === '') return alone
  const asked = { lesson: lesson.id, player: 'k6', seed, rate, minutes, planHash: planHash(arrivals) }
  const answer = tell('/api/loads', asked, 30)
  const run = answer.status < 300 ? field(answer, 'run') : undefined
  if (run !== undefined) return { run, isKnown: true }
  if (answer.status !== 0) throw new Error(field(answer, 'message') ?? `The workshop answers with ${answer.status}`)
  return alone
}

export function tellOutcome({ run, isKnown }: Announced, outcome: SentOutcome): void {
  if (isKnown) tell(`/api/loads/${run}/outcomes`, [outcome], 5)
}

/** Says that it is over, with what only k6 knows, and gives the report as text; nothing where there is none. */
export function reportOf(
  { run, isKnown }: Announced,
  end: { dropped: number; isPartial: boolean },
): string | undefined {
  if (!isKnown) return undefined
  const answer = tell(`/api/loads/${run}/end`, end, 20)
  const [text, page] = [field(answer, 'text'), field(answer, 'page')]
  return text === undefined ? undefined : `${text}\nThe same with pictures: ${workshopPageUrl}${page}`
}

const tags = { name: notTheShop }
const known: Record<string, string> = workshopToken === '' ? {} : { authorization: `Bearer ${workshopToken}` }

/** Whether the baseline is to be quiet. A workshop that is down or talks nonsense silences nobody. */
export function isBaselinePaused(): boolean {
  const answer = http.request('GET', `${workshopUrl}/api/traffic`, null, { headers: known, tags, timeout: '1s' })
  try {
    return answer.status === 200 && answer.json('paused') === true
  } catch {
    return false
  }
}

function tell(path: string, body: unknown, timeoutSeconds: number): Response {
  const headers = { ...known, 'content-type': 'application/json' }
  return http.request('POST', workshopUrl + path, JSON.stringify(body), {
    headers,
    tags,
    timeout: `${timeoutSeconds}s`,
  })
}
