// Seeded randomness, the same in Node and in k6. A generator is always passed in; nothing here is global. No imports.

/** Gives the next number in [0, 1). */
export type Random = () => number

/** Mulberry32: 32 bits of state are plenty for one arrival, and `Math.imul` is exact in every engine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The seed of item `index` under `seed`: any item can be drawn alone, without drawing those before it. */
export function seedOf(seed: number, index: number): number {
  let bits = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca77)) >>> 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** A whole number from `min` to `max`, both included. */
export function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1))
}

/** The index of the weight that a draw falls on; weights need not sum to 1. */
export function weightedIndex(random: Random, weights: readonly number[]): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
  const index = weights.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  return index === -1 ? weights.length - 1 : index
}

/** One item of a list that is not empty. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[between(random, 0, items.length - 1)]
  if (item === undefined) throw new RangeError('Cannot pick from an empty list')
  return item
}
