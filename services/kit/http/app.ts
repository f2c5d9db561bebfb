// What a service's application is, whichever framework it uses.
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Answers requests; never listens by itself. */
export type App = {
  listener: (request: IncomingMessage, response: ServerResponse) => void
  close: () => Promise<void>
}
