// Whoever waits for a connection goes on in the context that he came with. The pool calls him from where somebody else gives a
// connection back, and the instrumentation sees to those who have a span only: a statement that belongs to nobody (a queue that
// is looked into) would be drawn in a stranger's trace.
import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'

type Waiting = Parameters<pg.Pool['connect']>[0]

const { connect } = pg.Pool.prototype as { connect(waiting?: Waiting): unknown }

// For pg-boss's pool too, which is made where nobody can reach it.
Object.defineProperty(pg.Pool.prototype, 'connect', {
  configurable: true,
  writable: true,
  value(this: pg.Pool, waiting?: Waiting) {
    return connect.call(this, waiting && AsyncLocalStorage.bind(waiting))
  },
})
