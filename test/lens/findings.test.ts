import { expect, test } from 'vitest'
import { findings } from '../../services/lens/findings.ts'
import { client, consumer, idOf, server, span, trace } from '../helpers/traces.ts'

const saysOf = (of: Parameters<typeof findings>[0]) => findings(of).map(({ kind, says }) => `${kind}: ${says}`)

test('an ordinary trace has none', () => {
  const calls = Array.from({ length: 10 }, (_, i) => client('api', 'call', i * 10, i * 10 + 9))
  expect(findings(trace(server('api', 'root', 0, 200, calls)))).toEqual([])
})

test('a child that outlives its parent is reported with both, a consumer and a few milliseconds are not', () => {
  const made = trace(
    server('api', 'root', 0, 100, [
      client('api', 'call', 10, 80, [server('payment', 'zombie', 12, 500)]),
      client('api', 'fine', 10, 80, [server('payment', 'nearly', 12, 84)]),
      consumer('inventory', 'confirm', 90, 400),
    ]),
  )
  expect(findings(made)).toEqual([
    {
      kind: 'outlives-parent',
      says: 'payment zombie ended 420 ms after its parent api call: nobody was waiting any more',
      spanIds: [idOf(made, 'zombie'), idOf(made, 'call')],
    },
  ])
})

test('spans without their parent are counted by service, and a missing root is named', () => {
  const made = trace(server('api', 'root', 0, 100, [client('api', 'a', 10, 20), server('payment', 'b', 30, 40)]))
  const rootless = { ...made, spans: made.spans.filter(({ name }) => name !== 'root') }
  expect(saysOf(rootless)).toEqual([
    'missing-parent: 2 spans (api, payment) without the parent named: it is late, lost or was never exported; even the root of this trace is missing',
  ])
})

test('more than ten siblings one after the other are one finding', () => {
  const calls = Array.from({ length: 11 }, (_, i) => client('inventory', 'POST', i * 10, i * 10 + 9))
  const made = trace(server('inventory', 'reserve', 0, 200, calls))
  expect(saysOf(made)).toEqual([
    'serial-siblings: inventory POST ran 11 times one after the other below inventory reserve, 109 ms in all',
  ])
  expect(findings(made)[0]?.spanIds).toHaveLength(11)
})

test('eleven siblings at the same time are not serial', () => {
  const calls = Array.from({ length: 11 }, (_, i) => client('inventory', 'POST', i, i + 50))
  expect(findings(trace(server('inventory', 'reserve', 0, 200, calls)))).toEqual([])
})

test('a failed call followed by one that succeeds is a retry, and an error', () => {
  const made = trace(
    server('payment', 'authorise', 0, 200, [
      client('payment', 'bank', 10, 40, [], { status: 'error', attributes: { 'error.type': '503' } }),
      client('payment', 'bank', 60, 90, [], { status: 'error', attributes: { 'error.type': '503' } }),
      client('payment', 'bank', 120, 150),
    ]),
  )
  expect(saysOf(made)).toEqual([
    'error: payment bank ended in an error 2 times: 503',
    'retry: payment bank failed 2 times below payment authorise and then succeeded',
  ])
})

test('a last attempt that fails as well failed again', () => {
  const failed = { status: 'error', statusMessage: 'socket hang up' } as const
  const made = trace(
    server('payment', 'authorise', 0, 200, [
      client('payment', 'bank', 10, 40, [], failed),
      client('payment', 'bank', 60, 90, [], failed),
    ]),
  )
  expect(saysOf(made)).toContain('retry: payment bank failed once below payment authorise and failed again')
})

test('a long wait for a connection is reported, a new connection is not', () => {
  const made = trace(
    server('inventory', 'reserve', 0, 400, [
      span('inventory', 'pg-pool.connect', 10, 30),
      span('inventory', 'pg-pool.connect', 40, 340),
    ]),
  )
  expect(saysOf(made)).toEqual(['pool-wait: inventory waited 300 ms for a connection of its own pool'])
})
