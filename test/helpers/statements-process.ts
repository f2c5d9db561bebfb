// A process of its own under the kit's telemetry: sends the statements on its command line within one span, says in which
// trace, and ends.
import { trace } from '@opentelemetry/api'
import pg from 'pg'
import { partsOf } from '../../services/kit/store/database.ts'

const [url = '', ...statements] = process.argv.slice(2)
const client = new pg.Client(partsOf(url))
await client.connect()
await trace.getTracer('test').startActiveSpan('statements', async (span) => {
  for (const statement of statements) await client.query(statement)
  span.end()
  console.log(span.spanContext().traceId)
})
await client.end()
