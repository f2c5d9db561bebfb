import { expect, test } from 'vitest'
import { reservationLocking } from '../../services/inventory/flags.ts'
import { type Asked, durationMs, flagNamed, settingFor } from '../../services/workshop/settings.ts'
import { shopFlags } from '../../services/workshop/shop-flags.ts'

const now = Date.parse('2030-01-01T12:00:00Z')
const settingOf = (asked: Asked) => settingFor(reservationLocking, asked, now)

test('a complete setting is taken over, with its end as a time', () => {
  expect(settingOf({ variant: 'across-pricing', share: 0.3, where: { 'shop.tier': 'gold' }, for: '5m' })).toEqual({
    flag: 'reservation-locking',
    variant: 'across-pricing',
    share: 0.3,
    where: { 'shop.tier': 'gold' },
    until: '2030-01-01T12:05:00.000Z',
  })
})

test('an unknown flag is refused with the known ones, the most similar first', () => {
  expect(() => flagNamed('reservation-loking', shopFlags)).toThrow(
    /^There is no flag "reservation-loking"\. Flags are: reservation-locking, .*api-edge/,
  )
})

test.each<[Asked, string]>([
  [
    { variant: 'across-prices' },
    'Flag reservation-locking has no variant "across-prices". Variants are: across-pricing, narrow (narrow is the calm one).',
  ],
  [
    { variant: 'across-pricing', where: { 'shop.tiers': 'gold' } },
    'Flag reservation-locking does not know the attribute "shop.tiers". Attributes are: shop.tier, shop.cart_size.',
  ],
  [{ variant: 'across-pricing', share: 1.5 }, 'share is 1.5: expected a number from 0 to 1, such as 0.3 for 30 %.'],
  [{ variant: 'across-pricing', share: -0.1 }, 'share is -0.1: expected a number from 0 to 1, such as 0.3 for 30 %.'],
  [
    { variant: 'across-pricing', until: '2029-01-01T00:00:00Z' },
    'until is "2029-01-01T00:00:00Z", which is over: it is 2030-01-01T12:00:00.000Z now.',
  ],
  [{ variant: 'across-pricing', until: 'soon' }, 'until is "soon": expected a time such as 2030-01-31T12:00:00Z.'],
  [
    { variant: 'across-pricing', for: 'a while' },
    '"a while" is not a duration: expected a number with its unit, such as 90s, 5m or 1h.',
  ],
  [
    { variant: 'across-pricing', for: '5m', until: '2031-01-01T00:00:00Z' },
    'Both "for" and "until" are given: expected one of them.',
  ],
  [
    { variant: 'narrow', share: 0.5 },
    '"narrow" is the calm variant of reservation-locking: set it without a share, condition or time.',
  ],
])('%j is refused with a sentence', (asked, says) => {
  expect(() => settingOf(asked)).toThrow(says)
})

test('durations have seconds, minutes and hours', () => {
  expect([durationMs('90s'), durationMs('5m'), durationMs('1h')]).toEqual([90_000, 300_000, 3_600_000])
  for (const text of ['', '5', '0s', '-1s', '1.5m', '5 m']) expect(() => durationMs(text)).toThrow(/is not a duration/)
})
