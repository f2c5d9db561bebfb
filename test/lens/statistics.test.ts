import { expect, test } from 'vitest'
import {
  benjaminiHochberg,
  fisherP,
  median,
  medianInterval,
  quantile,
  shareDifferenceP,
  twoProportionP,
  wilson,
} from '../../services/lens/statistics.ts'

test('quantiles interpolate and do not care about order', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(quantile([10, 20, 30, 40, 50], 0.9)).toBeCloseTo(46)
  expect(quantile([7], 0.99)).toBe(7)
  expect(quantile([], 0.5)).toBeNaN()
})

test('the Wilson interval is that of the textbook', () => {
  // Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29, without continuity correction.
  const cases = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const
  for (const [hits, total, low, high] of cases) {
    expect(wilson(hits, total).low).toBeCloseTo(low, 4)
    expect(wilson(hits, total).high).toBeCloseTo(high, 4)
  }
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
})

test('the interval of a median reaches from one of the values to another, and holds it as often as it says', () => {
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
  // The ranks of a binomial with one half: of 17 the fourth from either end, 98.7 %; of 100 the fortieth, 96.5 %.
  expect(medianInterval(upTo(17).reverse())).toEqual({ low: 4, high: 14 })
  expect(medianInterval(upTo(100))).toEqual({ low: 40, high: 61 })
  expect(medianInterval(upTo(5))).toEqual({ low: 1, high: 5 })
  expect(medianInterval([])).toEqual({ low: Number.NaN, high: Number.NaN })
})

test('the z-test gives the p-values of a normal distribution', () => {
  // Pooled share 0.5, spread 0.1: a difference of 0.196 is 1.96 standard errors.
  expect(twoProportionP({ hits: 59.8, total: 100 }, { hits: 20.1, total: 50 })).toBeCloseTo(0.0237, 3)
  expect(twoProportionP({ hits: 10, total: 100 }, { hits: 10, total: 100 })).toBeCloseTo(1, 6)
  expect(twoProportionP({ hits: 0, total: 5 }, { hits: 0, total: 50 })).toBe(1)
  expect(twoProportionP({ hits: 90, total: 100 }, { hits: 10, total: 100 })).toBeLessThan(1e-20)
})

test("Fisher's test solves the lady tasting tea", () => {
  expect(fisherP({ hits: 3, total: 4 }, { hits: 1, total: 4 })).toBeCloseTo(0.4857, 4)
  expect(fisherP({ hits: 4, total: 4 }, { hits: 0, total: 4 })).toBeCloseTo(2 / 70, 6)
  // Above 100 the factorials come from Stirling's series.
  expect(fisherP({ hits: 1, total: 120 }, { hits: 0, total: 120 })).toBeCloseTo(1, 6)
})

test('small expected counts are judged exactly', () => {
  const [slow, fast] = [
    { hits: 2, total: 20 },
    { hits: 4, total: 400 },
  ]
  expect(shareDifferenceP(slow, fast)).toBe(fisherP(slow, fast))
  expect(fisherP(slow, fast)).toBeGreaterThan(10 * twoProportionP(slow, fast))
})

test('Benjamini-Hochberg adjusts in place and never turns the order around', () => {
  // The example of the paper's table, first rows: m = 4 here.
  expect(benjaminiHochberg([0.04, 0.01, 0.03, 0.5])).toEqual([
    expect.closeTo(0.0533, 4),
    expect.closeTo(0.04, 6),
    expect.closeTo(0.0533, 4),
    expect.closeTo(0.5, 6),
  ])
  expect(benjaminiHochberg([])).toEqual([])
})
