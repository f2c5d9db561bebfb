// Who a request goes to, said by name: on a laptop every peer is 127.0.0.1, and a service map needs more than that.
import { context, createContextKey } from '@opentelemetry/api'

const peerKey = createContextKey('shop.peer')

/** Runs `work` so that client spans started inside carry `peer.service`. */
export function towards<T>(peer: string, work: () => Promise<T>): Promise<T> {
  return context.with(context.active().setValue(peerKey, peer), work)
}

/** The peer named by the innermost `towards`, if any. */
export function peerOf(): string | undefined {
  return context.active().getValue(peerKey) as string | undefined
}
