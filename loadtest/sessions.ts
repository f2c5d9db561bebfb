// Signing in, once per user: set-up that must not count as part of a visit.
import { type Answer, type Client, textField } from './client.ts'

/** A preparation step that did not succeed. Its answer becomes the arrival's outcome. */
export class StepFailed extends Error {
  override name = 'StepFailed'
  readonly step: string
  readonly answer: Answer
  constructor(step: string, answer: Answer) {
    super(`Step ${step} failed with status ${answer.status}${answer.code ? ` (${answer.code})` : ''}`)
    this.step = step
    this.answer = answer
  }
}

export interface Sessions {
  /** The user's token, signing in if there is none yet. @throws StepFailed */
  tokenOf(userId: string, baggage: Record<string, string>): Promise<string>
  /** Forgets a token that the shop refused, unless somebody replaced it already. */
  forget(userId: string, token: string): void
}

/** Visits of one user that start together share one sign-in; a failed one is not remembered. Fills `tokens` by user id. */
export function createSessions(client: Client, tokens: Map<string, string>): Sessions {
  const signingIn = new Map<string, Promise<string>>()
  return {
    async tokenOf(userId, baggage) {
      const known = tokens.get(userId)
      if (known !== undefined) return known
      const started = signingIn.get(userId) ?? signIn(client, userId, baggage)
      signingIn.set(userId, started)
      try {
        const token = await started
        tokens.set(userId, token)
        return token
      } finally {
        signingIn.delete(userId)
      }
    },
    forget(userId, token) {
      if (tokens.get(userId) === token) tokens.delete(userId)
    },
  }
}

/** @throws StepFailed */
export async function signIn(client: Client, userId: string, headers: Record<string, string>): Promise<string> {
  const answer = await client.send({ method: 'POST', path: '/api/session', headers, body: { userId } })
  const token = textField(answer.body, 'token')
  if (answer.status >= 300 || token === undefined) throw new StepFailed('sign-in', answer)
  return token
}
