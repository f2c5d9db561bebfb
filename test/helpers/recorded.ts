// A server that answers with what a real backend once answered: see test/lens/recorded.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'

const folder = resolve(import.meta.dirname, '../lens/recorded')
export const recorded = (file: string): string => readFileSync(join(folder, file), 'utf8')

export type Answer = string | { status: number; body: string }

/** `answer` gives the body for a question, with 200 unless it says otherwise; nothing makes it 404. Closed with the test. */
export async function startAnswering(answer: (url: URL, body: string) => Answer | undefined) {
  const asked: URL[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://backend')
    const body = (await request.toArray()).join('')
    asked.push(url)
    const given = answer(url, body) ?? { status: 404, body: 'not found' }
    const { status, body: text } = typeof given === 'string' ? { status: 200, body: given } : given
    response.writeHead(status).end(text)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), asked }
}
