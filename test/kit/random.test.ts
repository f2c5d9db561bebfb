// Seeded randomness: the same numbers for the same seed, everywhere and always.
import { expect, test } from 'vitest'
import { between, createRandom, pick, seedOf, weightedIndex } from '../../services/kit/random.ts'

const draws = (seed: number, count: number) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => random())
}

test('one seed gives the same numbers every time, another seed others', () => {
  expect(draws(1, 100)).toEqual(draws(1, 100))
  expect(draws(1, 100)).not.toEqual(draws(2, 100))
})

test('the numbers are those of Mulberry32', () => {
  expect(draws(1, 3)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522])
})

test('two generators do not disturb each other', () => {
  const [a, b] = [createRandom(5), createRandom(5)]
  const first = [a(), a(), a()]

  expect([b(), b(), b()]).toEqual(first)
})

test('the numbers fill [0, 1) evenly', () => {
  const numbers = draws(3, 20_000)
  const tenths = Map.groupBy(numbers, (n) => Math.floor(n * 10))

  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...numbers)).toBeLessThan(1)
  expect([...tenths.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  for (const group of tenths.values()) expect(Math.abs(group.length - 2_000)).toBeLessThan(200)
})

test('every item has a seed of its own, which depends on the seed and on nothing before it', () => {
  const seeds = Array.from({ length: 10_000 }, (_, index) => seedOf(1, index))

  expect(new Set(seeds).size).toBe(10_000)
  expect(seedOf(1, 9_999)).toBe(seeds[9_999])
  expect(seedOf(2, 0)).not.toBe(seeds[0])
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0)).toBe(true)
})

test('between reaches both ends and nothing beyond', () => {
  const random = createRandom(4)

  expect(new Set(Array.from({ length: 500 }, () => between(random, 2, 5)))).toEqual(new Set([2, 3, 4, 5]))
})

test('weights decide how often an index is drawn, and 0 means never', () => {
  const random = createRandom(6)
  const counts = [0, 0, 0]

  for (let i = 0; i < 10_000; i++) {
    const index = weightedIndex(random, [3, 0, 1])
    counts[index] = (counts[index] ?? 0) + 1
  }

  const [three, none, one] = counts as [number, number, number]
  expect(none).toBe(0)
  expect(three / one).toBeGreaterThan(2.7)
  expect(three / one).toBeLessThan(3.3)
})

test('a draw at the very end falls on the last weight', () => {
  expect(weightedIndex(() => 1 - 2 ** -53, [0.1, 0.2, 0.7])).toBe(2)
  expect(weightedIndex(() => 0, [0.1, 0.2, 0.7])).toBe(0)
})

test('pick draws from the list, and refuses an empty one', () => {
  const random = createRandom(7)

  expect(new Set(Array.from({ length: 200 }, () => pick(random, ['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']))
  expect(() => pick(random, [])).toThrow('Cannot pick from an empty list')
})
