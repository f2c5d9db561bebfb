import { FlagdCore } from '@openfeature/flagd-core'
import { afterEach, expect, test, vi } from 'vitest'
import { defineFlag, type Setting } from '../../services/kit/flags/flag.ts'
import {
  calmFile,
  type FlagFile,
  findSetting,
  formatFlagFile,
  parseFlagFile,
  withSetting,
} from '../../services/workshop/flag-file.ts'
import { shopFlags } from '../../services/workshop/shop-flags.ts'

const flag = defineFlag({
  name: 'locking',
  variants: ['narrow', 'wide'],
  calm: 'narrow',
  keys: ['shop.tier', 'shop.cart_size'],
  shareBy: 'shop.order_id',
})
const other = defineFlag({ ...flag, name: 'other' })
const calm = calmFile([flag, other])
const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

afterEach(() => vi.useRealTimers())

/** What a service would pick, with the engine that services use, for a context of nested attributes. */
function pick(file: FlagFile, shop: Record<string, string>, name: string = flag.name): string {
  const core = new FlagdCore(undefined, quiet)
  core.setConfigurations(formatFlagFile(file))
  return core.resolveStringEvaluation(name, 'fallback', { shop }, quiet).value
}

const orders = Array.from({ length: 10_000 }, (_, i) => `order-${i}`)

/** The orders that get the other variant; one engine for all of them. */
function chosen(file: FlagFile, name: string = flag.name): Set<string> {
  const core = new FlagdCore(undefined, quiet)
  core.setConfigurations(formatFlagFile(file))
  const isWide = (order_id: string) =>
    core.resolveStringEvaluation(name, 'narrow', { shop: { order_id } }, quiet).value === 'wide'
  return new Set(orders.filter(isWide))
}

const set = (setting: Omit<Setting, 'flag'>, file = calm, of = flag) =>
  withSetting(file, of, { flag: of.name, ...setting })

test('every flag of the shop evaluates to its calm variant in the calm file', () => {
  const core = new FlagdCore(undefined, quiet)
  core.setConfigurations(formatFlagFile(calmFile(shopFlags)))
  for (const { name, calm: expected } of shopFlags) {
    expect(core.resolveStringEvaluation(name, 'fallback', {}, quiet).value).toBe(expected)
  }
})

test('a setting without conditions is on for everybody', () => {
  expect(pick(set({ variant: 'wide' }), { order_id: 'a' })).toBe('wide')
})

test.each([0.02, 0.3, 0.75])('a share of %d hits that share of 10,000 keys, the same ones each time', (share) => {
  const file = set({ variant: 'wide', share })
  const hit = chosen(file)
  expect(hit.size / orders.length).toBeGreaterThan(share - 0.02)
  expect(hit.size / orders.length).toBeLessThan(share + 0.02)
  expect(chosen(file)).toEqual(hit)
})

test('a larger share contains a smaller one, and two flags do not hit the same keys', () => {
  const small = chosen(set({ variant: 'wide', share: 0.1 }))
  const large = chosen(set({ variant: 'wide', share: 0.4 }))
  expect([...small].filter((order) => !large.has(order))).toEqual([])
  const elsewhere = chosen(set({ variant: 'wide', share: 0.1 }, calm, other), other.name)
  const both = [...small].filter((order) => elsewhere.has(order)).length
  expect(both).toBeLessThan(small.size / 2)
})

test('a share of 0 hits nobody', () => {
  expect(chosen(set({ variant: 'wide', share: 0 })).size).toBe(0)
})

test('where asks for every attribute', () => {
  const file = set({ variant: 'wide', where: { 'shop.tier': 'gold', 'shop.cart_size': 'bulk' } })
  expect(pick(file, { tier: 'gold', cart_size: 'bulk', order_id: 'a' })).toBe('wide')
  expect(pick(file, { tier: 'gold', cart_size: 'small', order_id: 'a' })).toBe('narrow')
  expect(pick(file, { order_id: 'a' })).toBe('narrow')
})

test('where and share together hit a share of those who match', () => {
  const file = set({ variant: 'wide', share: 0.5, where: { 'shop.tier': 'gold' } })
  const some = orders.slice(0, 400)
  const hits = some.filter((order_id) => pick(file, { tier: 'gold', order_id }) === 'wide').length
  expect(hits).toBeGreaterThan(150)
  expect(hits).toBeLessThan(250)
  expect(some.slice(0, 50).filter((order_id) => pick(file, { order_id }) === 'wide')).toEqual([])
})

test('until ends a setting by itself', () => {
  vi.useFakeTimers({ now: new Date('2030-01-01T12:00:00Z') })
  const file = set({ variant: 'wide', until: '2030-01-01T12:05:00.000Z' })
  expect(pick(file, { order_id: 'a' })).toBe('wide')
  vi.setSystemTime(new Date('2030-01-01T12:05:00Z'))
  expect(pick(file, { order_id: 'a' })).toBe('narrow')
})

test.each<Omit<Setting, 'flag'>>([
  { variant: 'wide' },
  { variant: 'wide', share: 0.125 },
  { variant: 'wide', where: { 'shop.tier': 'gold' } },
  { variant: 'wide', share: 0.3, where: { 'shop.cart_size': 'bulk' }, until: '2030-01-01T12:05:00.000Z' },
])('what was asked for is read back: %j', (setting) => {
  const file = parseFlagFile(formatFlagFile(set(setting)))
  expect(findSetting(file, flag)).toEqual({ setting: { flag: flag.name, ...setting }, isEditedByHand: false })
  expect(findSetting(file, other)).toEqual({ isEditedByHand: false })
})

test('the calm variant leaves nothing behind', () => {
  expect(set({ variant: 'narrow' }, set({ variant: 'wide', share: 0.3 }))).toEqual(calm)
})

test('what somebody else wrote into the file survives a setting', () => {
  const mine = { ...calm.flags.other, targeting: { if: [true, 'wide', 'narrow'] } } as FlagFile['flags'][string]
  const foreign = { state: 'ENABLED', variants: { on: 'on' }, defaultVariant: 'on' } as const
  const edited: FlagFile = { ...calm, $evaluators: { a: {} }, flags: { ...calm.flags, other: mine, foreign } }
  const file = parseFlagFile(formatFlagFile(set({ variant: 'wide' }, edited)))
  expect(file.$evaluators).toEqual({ a: {} })
  expect(file.flags.foreign).toEqual(foreign)
  expect(file.flags.other).toEqual(mine)
  expect(findSetting(file, other)).toEqual({ isEditedByHand: true })
})

test('a default changed with an editor is a setting', () => {
  const entry = { ...calm.flags.locking, defaultVariant: 'wide' } as FlagFile['flags'][string]
  expect(findSetting({ ...calm, flags: { locking: entry } }, flag)).toEqual({
    setting: { flag: 'locking', variant: 'wide' },
    isEditedByHand: true,
  })
})

test.each([
  ['{"flags":', /^it is not JSON/],
  ['[]', /^it has no object "flags"$/],
  ['{"flags":{"a":1}}', /^its flag "a" has no object "variants"$/],
])('%s is no flag file, and it says why', (text, why) => {
  expect(() => parseFlagFile(text)).toThrow(why)
})
