// A process of its own under the kit's telemetry: within one span it has the only connection of a pool, for which a statement
// of nobody's waits. It gives the connection back, says in which trace, and ends.
import { trace } from '@opentelemetry/api'
import pg from 'pg'
import { partsOf } from '../../services/kit/store/database.ts'

const pool = new pg.Pool({ ...partsOf(process.argv[2] ?? ''), max: 1 })
const toBeFreed = Promise.withResolvers<void>()
const lent = Promise.withResolvers<string>()

const lending = trace.getTracer('test').startActiveSpan('lending', async (span) => {
  const client = await pool.connect()
  await client.query('SELECT 1')
  lent.resolve(span.spanContext().traceId)
  await toBeFreed.promise
  client.release()
  span.end()
})
const traceId = await lent.promise
const waiting = pool.query('VALUES (2)')
toBeFreed.resolve()
await Promise.all([lending, waiting])
await pool.end()
console.log(traceId)
