// Benches one after another: what is left of their numbers when one fails, and when somebody stops them.
import { expect, test } from 'vitest'
import { contextOf } from '../../../infra/local/bench/context.ts'
import { inTurn } from '../../../infra/local/bench/in-turn.ts'
import { unlessAborted } from '../../../infra/local/bench/unless-aborted.ts'
import type { Bench, Measurement } from '../../../infra/local/bench.ts'

const numbersOf = (what: string): Measurement => ({ what, goal: '≤ 1', measured: '1', isReached: true })
const bench = (name: string, run: Bench['run'] = async () => [numbersOf(name)]): Bench => ({ name, seconds: 1, run })
const playing = (benches: Bench[], signal: AbortSignal) => {
  const told: string[] = []
  const options = { long: false, minutes: 1, k6: 'k6' }
  return { told, measured: inTurn(benches, contextOf(options, signal), (line) => told.push(line)) }
}

test('one that fails does not take the numbers of the others with it', async () => {
  const failing = bench('twin', () => Promise.reject(new Error('k6 did not play')))
  const { measured } = playing([bench('calm'), failing, bench('viewer')], new AbortController().signal)

  expect(await measured).toEqual([
    numbersOf('calm'),
    { what: 'twin', goal: '', measured: 'failed: k6 did not play', isReached: false },
    numbersOf('viewer'),
  ])
})

test('a stop ends the one at work, keeps those before it, and begins none behind it', async () => {
  const stop = new AbortController()
  const endless = bench('soak', ({ signal }) => {
    setTimeout(() => stop.abort())
    return unlessAborted(signal, () => new Promise<never>(() => {}))
  })
  const { told, measured } = playing([bench('calm'), endless, bench('viewer')], stop.signal)

  expect(await measured).toEqual([
    numbersOf('calm'),
    { what: 'soak', goal: '', measured: 'stopped before it was done' },
  ])
  expect(told).toEqual(['calm (about 1 s) …', 'soak (about 1 s) …'])
})
