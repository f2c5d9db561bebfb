// The plan as facts about 20,000 arrivals.
import { expect, test } from 'vitest'
import { hottestSku } from '../../loadtest/carts.ts'
import { type Arrival, arrivalAt, endless, plan, planHash } from '../../loadtest/plan.ts'
import { baseline, everyday, type Profile, proof } from '../../loadtest/profiles.ts'
import { coupons, products, userWithEmptyCard } from '../../services/kit/seed.ts'

const long: Profile = { ...proof, durationSeconds: 1000 }
const arrivals = plan(long, 7)
const isBulk = (arrival: Arrival) => arrival.persona.cohort['shop.cart_size'] === 'bulk'
const skusOf = (arrival: Arrival) => arrival.persona.lines.map((line) => line.sku)
const bulk = arrivals.filter(isBulk)
const ordinary = arrivals.filter((arrival) => !isBulk(arrival))
const shareOf = (list: Arrival[], holds: (arrival: Arrival) => boolean) => list.filter(holds).length / list.length

test('the same seed makes the same plan, and another seed another one', () => {
  expect(planHash(plan(proof, 7))).toBe(planHash(plan(proof, 7)))
  expect(planHash(plan(proof, 7))).not.toBe(planHash(plan(proof, 8)))
})

test('the hash of a known plan never changes: k6 computes it too', () => {
  expect(planHash(plan(proof, 7))).toBe('03bf3701d7682a')
})

test('the hash notices a single piece more in a single cart', () => {
  const [first, ...others] = plan(proof, 7)
  const line = first?.persona.lines[0]
  if (!first || !line) throw new Error('no arrivals')
  const persona = { ...first.persona, lines: [{ ...line, quantity: line.quantity + 1 }] }
  expect(planHash([{ ...first, persona }, ...others])).not.toBe(planHash([first, ...others]))
})

test('an arrival is the same alone, in a plan and in an endless source taken up in the middle', () => {
  const taken = endless(baseline, 7, 100).next().value
  expect(taken).toEqual(arrivalAt(baseline, 7, 100))
  expect(arrivals[100]).toEqual(arrivalAt(long, 7, 100))
})

test('a profile without an end is refused as a plan', () => {
  expect(() => plan(baseline, 7)).toThrow('Profile baseline never ends')
})

test('arrivals are evenly spaced at the profile’s rate', () => {
  expect(arrivals).toHaveLength(20_000)
  expect(arrivals.every((arrival, i) => arrival.atMs === i * 50)).toBe(true)
})

test('2 % of carts are bulk carts, and each window of 400 has between 7 and 9 of them', () => {
  expect(bulk).toHaveLength(400)
  for (let start = 0; start < arrivals.length; start += 400) {
    const count = arrivals.slice(start, start + 400).filter(isBulk).length
    expect(count).toBeGreaterThanOrEqual(7)
    expect(count).toBeLessThanOrEqual(9)
  }
})

test('bulk carts do not come like clockwork', () => {
  const gaps = new Set(bulk.slice(1).map((arrival, i) => arrival.iteration - (bulk[i]?.iteration ?? 0)))
  expect(gaps.size).toBeGreaterThan(60)
})

test('5 % of the others have a coupon that counts, and six in 400 one with a full stop behind it', () => {
  const codes: readonly string[] = coupons.map(({ code }) => code)
  const of = (outcome: string) => arrivals.filter(({ persona }) => persona.cohort['shop.coupon'] === outcome)
  expect(of('redeemed').length / arrivals.length).toBeCloseTo(0.05, 2)
  expect(of('redeemed').every(({ persona }) => codes.includes(persona.coupon ?? ''))).toBe(true)
  expect(of('refused').every(({ persona }) => /^[\w-]{38,}\.$/.test(persona.coupon ?? ''))).toBe(true)
  expect(of('none').every(({ persona }) => persona.coupon === undefined)).toBe(true)
  expect(bulk.every(({ persona }) => persona.coupon === undefined)).toBe(true)
  for (let start = 0; start < arrivals.length; start += 400) {
    const count = of('refused').filter(({ iteration }) => iteration >= start && iteration < start + 400).length
    expect(count).toBeGreaterThanOrEqual(4)
    expect(count).toBeLessThanOrEqual(7)
  }
})

test('every bulk cart belongs to a business customer and has the bestseller plus 29–39 products few others want', () => {
  const popular = new Set(products.slice(1, 100).map((product) => product.sku))
  for (const arrival of bulk) {
    expect(arrival.persona).toMatchObject({ name: 'business', tier: 'business' })
    const skus = skusOf(arrival)
    expect(skus).toContain(hottestSku)
    expect(skus.length).toBeGreaterThanOrEqual(30)
    expect(skus.length).toBeLessThanOrEqual(40)
    expect(skus.filter((sku) => popular.has(sku))).toEqual([])
    expect(arrival.persona.lines.every(({ quantity }) => quantity >= 5 && quantity <= 20)).toBe(true)
  }
})

test('about 35 % of ordinary carts want the bestseller', () => {
  const share = shareOf(ordinary, (arrival) => skusOf(arrival).includes(hottestSku))
  expect(share).toBeGreaterThan(0.33)
  expect(share).toBeLessThan(0.37)
})

test('ordinary carts have 1–16 lines, with the long tail that was asked for', () => {
  const share = (min: number, max: number) =>
    shareOf(ordinary, ({ persona }) => persona.lines.length >= min && persona.lines.length <= max)
  expect(share(1, 1)).toBeCloseTo(0.45, 2)
  expect(share(2, 2)).toBeCloseTo(0.25, 2)
  expect(share(3, 3)).toBeCloseTo(0.12, 2)
  expect(share(4, 7)).toBeCloseTo(0.13, 2)
  expect(share(8, 16)).toBeCloseTo(0.05, 2)
  expect(share(1, 16)).toBe(1)
})

test('no cart has a product twice, and every quantity of an ordinary cart is 1–3', () => {
  expect(arrivals.every((arrival) => new Set(skusOf(arrival)).size === arrival.persona.lines.length)).toBe(true)
  const quantities = ordinary.flatMap((arrival) => arrival.persona.lines.map((line) => line.quantity))
  expect(new Set(quantities)).toEqual(new Set([1, 2, 3]))
})

test('the customer with the empty card comes no more often than anybody else', () => {
  const share = shareOf(arrivals, (arrival) => arrival.persona.userId === userWithEmptyCard)
  expect(share).toBeLessThan(1.5 / 500)
})

test('a mix of journeys is drawn by its weights', () => {
  const mixed = plan({ ...everyday, durationSeconds: 500 }, 7)
  expect(shareOf(mixed, (arrival) => arrival.journey === 'checkout')).toBeCloseTo(0.5, 2)
  expect(shareOf(mixed, (arrival) => arrival.journey === 'quote')).toBeCloseTo(0.2, 2)
  expect(shareOf(mixed, (arrival) => arrival.journey === 'browse')).toBeCloseTo(0.3, 2)
})

test('a bulk share of zero brings no bulk carts, a share of one nothing else', () => {
  const withShare = (share: number) => plan({ ...proof, bulk: { ...proof.bulk, share } }, 7)
  expect(withShare(0).filter(isBulk)).toEqual([])
  expect(withShare(1).every(isBulk)).toBe(true)
})
