// What an overload comes to: each line once reached, once not, and once where nothing can be said.
import { expect, test } from 'vitest'
import type { MemorySample } from '../../../infra/local/bench/memory-samples.ts'
import { endedOf, type Overload, rowsOf } from '../../../infra/local/bench/overload-rows.ts'
import { noAnswer, type Outcome } from '../../../loadtest/outcome.ts'
import { arrivalsAt } from '../../helpers/playing.ts'

const endedMs = 1_700_000_000_000
const kneePerSecond = 20
const arrivals = arrivalsAt(3 * kneePerSecond, 60)

type Became = Partial<Omit<Outcome, 'arrival'>>

/** Three times the knee for a minute; `of` says what became of each. */
const during = (of: (n: number) => Became): Outcome[] =>
  arrivals.map((arrival, n) => ({
    arrival,
    dueEpochMs: endedMs - 60_000 + arrival.atMs,
    ...{ status: 201, latencyMs: 80, requestMs: 79, startLagMs: 1 },
    ...of(n),
  }))

const refused: Became = { status: 503, code: 'overloaded', latencyMs: 5, requestMs: 4 }
/** A third is served, which is the knee, and the rest refused. */
const asItShould = (n: number): Became => (n % 3 === 0 ? {} : refused)

const row = (what: string, overload: Partial<Overload>) => {
  const rows = rowsOf({
    ...{ kneePerSecond, during: during(asItShould), after: [], afterSeconds: 60, ended: [], samples: [] },
    probes: [{ status: 503, retryAfter: '1' }],
    report: { at: new Date(0), placed: 1, cancelled: 0, inFlight: {}, violations: [] },
    ...overload,
  })
  const found = rows.find((each) => each.what.includes(what))
  if (found === undefined) throw new Error(`There is no row about ${what}`)
  return found
}

test('a process that came back under another pid has ended, and so has one that is gone', () => {
  const before = { api: 10, inventory: 11, postgres: 12 }

  expect(endedOf(before, { api: 10, inventory: 21 })).toEqual(['inventory', 'postgres'])
  expect(endedOf(before, { ...before })).toEqual([])
})

test('refusing what is too much is good, though cards are declined as ever', () => {
  const { isReached, measured } = row('refused', {
    during: during((n) => (n % 30 === 0 ? { status: 402, code: 'card_declined' } : asItShould(n))),
  })
  expect(measured).toBe('2400 of 3600, median 4 ms; Retry-After on 1 of 1; otherwise –; 0 dropped, start lag p99 1 ms')
  expect(isReached).toBe(true)
})

test('a shop that answers one in fifty with 500 has not refused them, nor has one that lets them wait', () => {
  const failing = row('refused', { during: during((n) => (n % 50 === 0 ? { status: 500 } : asItShould(n))) })
  expect(failing.measured).toContain('otherwise 72 http_500;')
  expect(failing.isReached).toBe(false)

  const silent: Became = { status: 0, code: noAnswer.timeout, latencyMs: 30_000, requestMs: 30_000 }
  const waiting = row('refused', { during: during((n) => (n % 50 === 0 ? silent : asItShould(n))) })
  expect(waiting.isReached).toBe(false)
})

test('fewer than one in a hundred may fail otherwise', () => {
  const { isReached } = row('refused', {
    during: during((n) => (n % 150 === 0 ? { status: 500 } : asItShould(n))),
  })
  expect(isReached).toBe(true)
})

test('refusals that take a second, or do not say when to come again, are not what was asked for', () => {
  const slow = { ...refused, requestMs: 900, latencyMs: 901 }
  expect(row('refused', { during: during((n) => (n % 3 === 0 ? {} : slow)) }).isReached).toBe(false)
  expect(row('refused', { probes: [{ status: 503, retryAfter: null }] }).isReached).toBe(false)
  expect(row('refused', { probes: [{ status: 401, retryAfter: null }] }).isReached).toBe(false)
})

test('nothing is said about refusals where the driver itself left arrivals out', () => {
  const outcomes = during(asItShould)
  for (const outcome of outcomes.slice(0, 7)) {
    Object.assign(outcome, { status: 0, code: noAnswer.dropped, latencyMs: 0, startLagMs: 0 })
    delete outcome.requestMs
  }
  const { isReached, measured } = row('refused', { during: outcomes })
  expect(measured).toContain('not judged, since the driver never sent 7; ')
  expect(measured).toContain('7 dropped, start lag p99 1 ms')
  expect(isReached).toBeUndefined()
})

test('processes that ended are named', () => {
  expect(row('processes', {})).toMatchObject({ measured: 'none', isReached: true })
  expect(row('processes', { ended: ['api', 'world'] })).toMatchObject({ measured: 'api, world', isReached: false })
})

const sample = (apiMiB: number, totalGiB: number): MemorySample => ({
  ...{ bytes: { api: apiMiB * 2 ** 20 }, totalBytes: totalGiB * 2 ** 30, measure: 'pss', atMs: 0 },
})

test('the highest sample of memory counts, and without any nothing is said', () => {
  const bound = row('memory', { samples: [sample(90, 1.2), sample(140, 1.4), sample(100, 1.3)] })
  expect(bound).toMatchObject({ measured: '1.40 GiB (api 140 MiB, before 90 MiB)', isReached: true })
  expect(row('memory', { samples: [sample(90, 1.2), sample(90, 1.6), sample(90, 1.2)] }).isReached).toBe(false)
  expect(row('memory', { samples: [] }).isReached).toBeUndefined()
})

test('four in five of what the knee lets through are to get through', () => {
  const served = (share: number) => during((n) => (n % 100 < share ? {} : refused))
  expect(row('orders placed', { during: served(27) }).isReached).toBe(true)
  expect(row('orders placed', { during: served(26) }).isReached).toBe(false)
})

/** Those who come in the minute afterwards, slow in its first seconds. */
const afterwards = (slowSeconds: number): Outcome[] =>
  arrivalsAt(10, 60).map((arrival) => ({
    arrival,
    dueEpochMs: endedMs + arrival.atMs,
    ...{ status: 201, startLagMs: 0, latencyMs: arrival.atMs < slowSeconds * 1000 ? 900 : 80 },
  }))

test('half a minute is enough to recover in, and more is too long', () => {
  expect(row('holds again', { after: afterwards(25) }).isReached).toBe(true)
  expect(row('holds again', { after: afterwards(40) }).isReached).toBe(false)
  expect(row('holds again', { after: afterwards(60) })).toMatchObject({ measured: 'not within 60 s', isReached: false })
  expect(row('holds again', { after: [] })).not.toHaveProperty('isReached')
})

test('one row that is wrong is too many', () => {
  const clean = { at: new Date(0), placed: 9, cancelled: 2, inFlight: {}, violations: [] }
  const violation = { rule: 'charged twice', row: { id: 'o1' } }
  expect(row('audit', { report: clean })).toMatchObject({ measured: 'clean (9 placed, 2 cancelled)', isReached: true })
  expect(row('audit', { report: { ...clean, violations: [violation] } }).isReached).toBe(false)
})
