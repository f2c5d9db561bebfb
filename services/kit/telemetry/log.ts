// The logger of a process. Lines inside a request get their trace id from the instrumentation of pino.
import pino, { type Logger } from 'pino'
import { baggageAttributes } from './baggage.ts'

export type { Logger } from 'pino'

/** JSON lines on stdout; the same lines go out over OTLP. `service` is the name in front of them. */
export function createLogger(service: string): Logger {
  return pino({
    name: service,
    mixin: () => baggageAttributes(),
    // A second wall: nothing of the kind is logged on purpose.
    redact: ['*.token', '*.cardToken', '*.email', '*.authorization', 'token', 'cardToken', 'email', 'authorization'],
  })
}
