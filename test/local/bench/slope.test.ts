// How fast memory grows, told from samples that jump about.
import { expect, test } from 'vitest'
import { slopeOf } from '../../../infra/local/bench/slope.ts'
import { createRandom } from '../../../services/kit/random.ts'

const everyMs = 5_000
const samplesOf = (count: number, valueAt: (minute: number) => number) =>
  Array.from({ length: count }, (_, n) => ({ atMs: 1e9 + n * everyMs, value: valueAt((n * everyMs) / 60_000) }))

test('is exact on a straight line, whichever moment it starts at', () => {
  const { perMinute, standardError, samples } = slopeOf(samplesOf(180, (minute) => 90 + 1.5 * minute))

  expect(perMinute).toBeCloseTo(1.5, 9)
  expect(standardError).toBeCloseTo(0, 6)
  expect(samples).toBe(180)
})

test('is the one of the textbook on a small example', () => {
  // Minutes 0 to 4 and 2, 3, 5, 4, 6: slope 0.9, residual variance 1.9 / 3, spread 10.
  const samples = [2, 3, 5, 4, 6].map((value, minute) => ({ atMs: minute * 60_000, value }))
  const { perMinute, standardError } = slopeOf(samples)

  expect(perMinute).toBeCloseTo(0.9, 9)
  expect(standardError).toBeCloseTo(Math.sqrt(1.9 / 3 / 10), 9)
})

test('is nothing for a saw that always comes back, within its error', () => {
  const { perMinute, standardError } = slopeOf(samplesOf(181, (minute) => 80 + 30 * (minute % 1)))

  expect(Math.abs(perMinute)).toBeLessThan(2 * standardError)
  expect(standardError).toBeLessThan(0.3)
})

test('finds a leak of 1 MiB a minute under noise of 10 MiB in fifteen minutes', () => {
  const random = createRandom(1)
  for (let round = 0; round < 20; round++) {
    const { perMinute, standardError } = slopeOf(samplesOf(181, (minute) => 80 + minute + 10 * (random() - 0.5)))
    expect(Math.abs(perMinute - 1)).toBeLessThan(4 * standardError)
    expect(standardError).toBeLessThan(0.07)
  }
})

test.for([[[]], [[{ atMs: 1, value: 1 }]], [Array(5).fill({ atMs: 1, value: 1 })]])(
  'refuses samples that make no line: %j',
  ([samples]) => {
    expect(() => slopeOf(samples ?? [])).toThrow('A slope needs three samples, of different moments')
  },
)
