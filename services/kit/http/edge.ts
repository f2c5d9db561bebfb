// The front door of a service, under both frameworks: the trace header, and what the edge flag makes of a request.
// Crude on purpose: a delay, an error or a reset here has no cause inside the service.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { defineEdgeFlag } from '../flags/flag.ts'
import type { Flags } from '../flags/watch.ts'
import type { App } from './app.ts'
import { currentTraceId, setTraceResponse } from './trace-response.ts'

export type Edge = { flags: Flags; flag: ReturnType<typeof defineEdgeFlag> }

/** Wraps an app's listener. Health checks must be answered before this. */
export function withEdge(listener: App['listener'], { flags, flag }: Edge): App['listener'] {
  return (request, response) => {
    setTraceResponse(response)
    const variant = flags.pick(flag, { 'url.path': pathOf(request), trace_id: currentTraceId() ?? '' })
    if (variant === 'none') listener(request, response)
    else if (variant === 'reset') request.socket.destroy()
    else if (variant === 'error-503') refuse(response)
    else delayed(variant === 'delay-1s' ? 1000 : 250, response, () => listener(request, response))
  }
}

function pathOf(request: IncomingMessage): string {
  return request.url?.split('?')[0] ?? '/'
}

function refuse(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' })
  const body = { code: 'unavailable', message: 'The service is not available.', traceId: currentTraceId() }
  response.end(JSON.stringify(body))
}

/** Waits, unless the caller leaves first. */
function delayed(ms: number, response: ServerResponse, then: () => void): void {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  wait(ms, undefined, { signal: gone.signal }).then(then, () => {})
}
