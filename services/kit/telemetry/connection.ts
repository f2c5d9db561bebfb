// Which connection a request went over, said by its local port: the port of the peer is the same for all of them.
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { Span } from '@opentelemetry/api'
import { attributes } from './names.ts'

/** For undici's `requestHook`: gives the client span `network.local.port` as soon as its request has a connection. */
export function namesConnections(): (span: Span, request: object) => void {
  const spans = new WeakMap<object, Span>()
  subscribe('undici:client:sendHeaders', (message) => {
    const { request, socket } = message as { request: object; socket: Socket }
    const { localPort } = socket
    if (localPort !== undefined) spans.get(request)?.setAttribute(attributes.localPort, localPort)
  })
  return (span, request) => void spans.set(request, span)
}
