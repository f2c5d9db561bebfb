// A viewer of its own for a test, on a free port, closed when the test is over.
import { onTestFinished } from 'vitest'
import { buildApp } from '../../infra/viewer/app.ts'
import type { ReceiveLimits } from '../../infra/viewer/receive.ts'
import { createStore } from '../../infra/viewer/store.ts'
import type { LogLine } from '../../services/lens/source.ts'
import type { Span } from '../../services/lens/trace.ts'
import { otlpLogs, otlpTraces } from './otlp.ts'

export type Viewer = Awaited<ReturnType<typeof openViewer>>

/** `startViewer` for use outside a test; the caller closes it. */
export async function openViewer(options: { maxBytes?: number; startedAtMs?: number; limits?: ReceiveLimits } = {}) {
  const { maxBytes = 64 * 1024 ** 2, startedAtMs = Date.now(), limits } = options
  const store = createStore({ maxBytes, startedAtMs })
  const app = buildApp({ store, ...(limits === undefined ? {} : { limits }) })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })

  const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
    fetch(url + path, {
      method: 'POST',
      body: Buffer.from(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  const sent = async (path: string, request: object): Promise<void> => {
    const response = await post(path, JSON.stringify(request))
    if (response.status !== 200) throw new Error(`${path} answered ${response.status} ${await response.text()}`)
  }
  return {
    url,
    store,
    post,
    sendSpans: (spans: readonly Span[], shiftMs = 0) => sent('/v1/traces', otlpTraces(spans, shiftMs)),
    sendLogs: (lines: readonly LogLine[], shiftMs = 0) => sent('/v1/logs', otlpLogs(lines, shiftMs)),
    sendMetrics: (request: object) => sent('/v1/metrics', request),
    /** The body of a GET, with its status. */
    async get<T = Record<string, unknown>>(path: string): Promise<{ status: number; body: T }> {
      const response = await fetch(url + path)
      return { status: response.status, body: (await response.json()) as T }
    },
    close: () => app.close(),
  }
}

export async function startViewer(options?: Parameters<typeof openViewer>[0]): Promise<Viewer> {
  const viewer = await openViewer(options)
  onTestFinished(() => viewer.close())
  return viewer
}
