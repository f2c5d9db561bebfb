// Spans of statements, as they arrive from a process that sends them to a real Postgres.
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { execPath } from 'node:process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { metrics } from '../../services/kit/telemetry/names.ts'
import { openTestDatabase } from '../helpers/postgres.ts'
import { startViewer } from '../helpers/viewer.ts'

const root = resolve(import.meta.dirname, '../..')

test('a statement whose first word ends with a line break has a name without one, on its span and in metrics', {
  timeout: 30_000,
}, async () => {
  const statements = ['SELECT 1', 'WITH\n      one AS (SELECT 1)\n    SELECT * FROM one']
  const { viewer, postgres, spans } = await spansOf('statements-process', statements)

  const queries = spans.filter(({ name }) => name.startsWith('pg.query'))
  expect(queries.map(({ name }) => name)).toEqual([
    `pg.query:SELECT ${postgres.name}`,
    `pg.query:WITH ${postgres.name}`,
  ])
  expect(queries[1]?.attributes['db.query.text']).toBe(statements[1])
  type Answer = { series: { labels: Record<string, string> }[] }
  const { body } = await viewer.get<Answer>(`/api/series?metric=${metrics.dbDuration}`)
  expect(new Set(body.series.map(({ labels }) => labels['db.operation.name']))).toEqual(new Set(['SELECT', 'WITH']))
})

test('a statement that belongs to nobody is in no trace, although it waited for a connection that was given back within one', {
  timeout: 30_000,
}, async () => {
  const { postgres, spans } = await spansOf('waiting-process')

  const queries = spans.filter(({ name }) => name.startsWith('pg.query'))
  expect(queries.map(({ name }) => name)).toEqual([`pg.query:SELECT ${postgres.name}`])
})

/** Spans of the one trace that a process of `test/helpers` tells of. */
async function spansOf(process: string, args: string[] = []) {
  const [viewer, postgres] = await Promise.all([startViewer(), openTestDatabase()])
  const hooks = ['hook', 'register'].flatMap((name) => ['--import', `./services/kit/telemetry/${name}.ts`])
  const { stdout } = await promisify(execFile)(
    execPath,
    [...hooks, `test/helpers/${process}.ts`, postgres.url('api'), ...args],
    { cwd: root, env: { OTEL_SERVICE_NAME: 'api', OTEL_EXPORTER_OTLP_ENDPOINT: viewer.url } },
  )
  return { viewer, postgres, spans: viewer.store.traces.get(stdout.trim())?.spans ?? [] }
}
