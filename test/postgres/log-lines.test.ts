// The lines are real ones, written by Postgres 18.4 with the lab's settings.
import { expect, test } from 'vitest'
import { recordOf } from '../../infra/postgres/log-lines.ts'
import { attributes as names } from '../../services/kit/telemetry/names.ts'

const waiting = {
  line: String.raw`{"timestamp":"2026-11-24 08:20:21.109 UTC","user":"inventory","dbname":"shop","pid":6933,"remote_host":"127.0.0.1","remote_port":43070,"session_id":"6b0548c4.1b15","line_num":1,"ps":"UPDATE waiting","session_start":"2026-11-24 08:20:20 UTC","vxid":"1/2","txid":827,"error_severity":"LOG","message":"process 6933 still waiting for ShareLock on transaction 826 after 200.092 ms","detail":"Process holding the lock: 6932. Wait queue: 6933.","context":"while updating tuple (0,1) in relation \"t\"","statement":"update t set n=n+$2 where id=$1 /*traceparent='00-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-2222222222222222-01'*/","backend_type":"client backend","query_id":-7723498312845123771}`,
  trace: { traceId: 'b'.repeat(32), spanId: '2'.repeat(16) },
}
const duration = `{"timestamp":"2026-11-24 08:20:21.315 UTC","user":"inventory","dbname":"shop","pid":6933,"remote_host":"127.0.0.1","remote_port":43070,"session_id":"6b0548c4.1b15","line_num":3,"ps":"UPDATE","session_start":"2026-11-24 08:20:20 UTC","vxid":"1/2","txid":827,"error_severity":"LOG","message":"duration: 406.130 ms  execute <unnamed>: update t set n=n+$2 where id=$1 /*traceparent='00-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-2222222222222222-01'*/","backend_type":"client backend","query_id":0}`
const duplicate = String.raw`{"timestamp":"2026-11-24 08:20:21.568 UTC","user":"postgres","dbname":"shop","pid":6935,"remote_host":"127.0.0.1","remote_port":43082,"session_id":"6b0548c4.1b17","line_num":1,"ps":"INSERT","session_start":"2026-11-24 08:20:20 UTC","vxid":"3/3","txid":828,"error_severity":"ERROR","state_code":"23505","message":"duplicate key value violates unique constraint \"t_pkey\"","detail":"Key (email)=(u001@shop.example) already exists.","statement":"insert into inventory.t values ($1, 2) /*traceparent='00-eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee-4444444444444444-01'*/","backend_type":"client backend","query_id":0}`
const startUp = `{"timestamp":"2026-11-24 08:20:20.876 UTC","pid":6921,"session_id":"6b0548c4.1b09","line_num":4,"session_start":"2026-11-24 08:20:20 UTC","txid":0,"error_severity":"LOG","message":"database system is ready to accept connections","backend_type":"postmaster","query_id":0}`

test("a lock wait is in the waiting statement's trace and names the session that holds the lock", () => {
  expect(recordOf(waiting.line)).toMatchObject({
    ...waiting.trace,
    atMs: Date.UTC(2026, 10, 24, 8, 20, 21, 109),
    severity: 'info',
    body: 'process 6933 still waiting for ShareLock on transaction 826 after 200.092 ms',
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': 'shop',
      'db.query.text': 'update t set n=n+$2 where id=$1',
      [names.sessionPid]: 6933,
      [names.waitMs]: 200,
      [names.blockedByPid]: 6932,
    },
  })
})

test('a query id beyond 2^53 keeps all its digits', () => {
  expect(recordOf(waiting.line)?.attributes['postgresql.query_id']).toBe('-7723498312845123771')
})

test('a slow statement is in the trace named inside its message, which is shown without the comment', () => {
  expect(recordOf(duration)).toMatchObject({
    ...waiting.trace,
    body: 'duration: 406.130 ms  execute <unnamed>: update t set n=n+$2 where id=$1',
    attributes: { 'postgresql.duration_ms': 406.13, 'db.query.text': 'update t set n=n+$2 where id=$1' },
  })
})

test('an error keeps its SQLSTATE and loses the detail that quotes the row', () => {
  const record = recordOf(duplicate)
  expect(record).toMatchObject({
    severity: 'error',
    traceId: 'e'.repeat(32),
    attributes: { 'db.response.status_code': '23505' },
  })
  expect(JSON.stringify(record)).not.toContain('u001')
})

test("a line of the server's own belongs to no trace", () => {
  const record = recordOf(startUp)
  expect(record).toMatchObject({ severity: 'info', attributes: { 'postgresql.backend_type': 'postmaster' } })
  expect(record).not.toHaveProperty('traceId')
})

test.for([
  ['WARNING', 'warn'],
  ['FATAL', 'fatal'],
  ['PANIC', 'fatal'],
  ['NOTICE', 'info'],
])('severity %s becomes %s', ([postgres, otlp]) => {
  expect(recordOf(startUp.replace('"LOG"', `"${postgres}"`))?.severity).toBe(otlp)
})

test.for(['', 'not json', 'null', '{}', '[1]', startUp.slice(0, 50)])('%s is no line of Postgres', (text) => {
  expect(recordOf(text)).toBeUndefined()
})
