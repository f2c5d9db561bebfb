// Speaks to the bank as payment does: with a session, and with another one when the first is over.
import { type Answer, createClient } from './shop.ts'

export function createBankClient(url: string): { send(method: string, path: string, body?: unknown): Promise<Answer> } {
  const { send } = createClient(url)
  const opened = async () => `Bearer ${(await send('POST', '/sessions')).body.session}`
  let authorization: Promise<string> | undefined
  return {
    async send(method, path, body) {
      authorization ??= opened()
      const answer = await send(method, path, body, { authorization: await authorization })
      if (answer.status !== 401) return answer
      authorization = opened()
      return send(method, path, body, { authorization: await authorization })
    },
  }
}
