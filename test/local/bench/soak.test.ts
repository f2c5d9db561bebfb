// Whether a soak made anything grow, told from the memory of two processes.
import { expect, test } from 'vitest'
import type { MemorySample } from '../../../infra/local/bench/memory-samples.ts'
import { growth } from '../../../infra/local/bench/soak.ts'

/** A sample a minute: the api stands still, the world grows by so much in each. */
const samplesOf = (minutes: number, perMinute: number): MemorySample[] =>
  Array.from({ length: minutes }, (_, minute) => {
    const bytes = { api: 90 * 2 ** 20, world: (70 + perMinute * minute) * 2 ** 20 }
    return { bytes, totalBytes: bytes.api + bytes.world, measure: 'pss', atMs: minute * 60_000 }
  })

test('one process that grows by more than a MiB a minute is one too many', () => {
  const said: string[] = []
  const { what, measured, isReached } = growth(samplesOf(10, 1.5), 'soak', (line) => said.push(line))

  expect(what).toBe('soak: memory of the process that grows most')
  expect(measured).toBe('world 1.50 ± 0.00 MiB a minute')
  expect(isReached).toBe(false)
  expect(said).toEqual(['world       1.50 ± 0.00 MiB a minute', 'api         0.00 ± 0.00 MiB a minute'])
})

test('half a MiB a minute is borne', () => {
  expect(growth(samplesOf(10, 0.5), 'soak', () => {}).isReached).toBe(true)
})

test.for([0, 2])('nothing is said after %i samples', (minutes) => {
  const { measured, isReached } = growth(samplesOf(minutes, 9), 'soak', () => {})
  expect(measured).toBe(`not judged: ${minutes} samples make no line`)
  expect(isReached).toBeUndefined()
})
