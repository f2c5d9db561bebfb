// The flag file while a service runs: edited, broken, half saved, gone.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { defineEdgeFlag, defineFlag } from '../../services/kit/flags/flag.ts'
import { revisionOf, watchFlags } from '../../services/kit/flags/watch.ts'
import { eventually } from '../helpers/eventually.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

const locking = defineFlag({
  name: 'reservation-locking',
  variants: ['narrow', 'across-pricing'],
  calm: 'narrow',
  keys: ['shop.cart_size', 'shop.tier'],
  shareBy: 'shop.order_id',
})
const order = { 'shop.cart_size': 'small', 'shop.tier': 'gold', 'shop.order_id': 'o-1' }
const bulkOrder = { ...order, 'shop.cart_size': 'bulk' }

describe('a watched file', () => {
  test('that is missing means calm, and is read as soon as it is there', async () => {
    const { flags, save } = await watching()
    expect(flags.revision).toBe('none')
    expect(flags.pick(locking, order)).toBe('narrow')

    const content = armed()
    await save(content)

    await eventually('the new file is in force', () => expect(flags.pick(locking, order)).toBe('across-pricing'))
    expect(flags.revision).toBe(revisionOf(content))
  })

  test('that is edited gets another revision, and its old one when it is changed back', async () => {
    const { flags, save } = await watching(armed())
    const before = flags.revision

    await save(calm())
    await eventually('the change is in force', () => expect(flags.pick(locking, order)).toBe('narrow'))
    expect(flags.revision).not.toBe(before)

    await save(armed())
    await eventually('the old content is in force', () => expect(flags.revision).toBe(before))
    expect(flags.pick(locking, order)).toBe('across-pricing')
  })

  test('that is broken, emptied or removed leaves the last good one in force', async () => {
    const broken = ['', armed().slice(0, 60), 'null', '42', '[]', '{}', '{"flags":1}', '{"flags":{"a":1}}', undefined]
    const watchers = await Promise.all(broken.map(() => watching(armed())))

    await Promise.all(watchers.map(({ save, file }, i) => (broken[i] === undefined ? rm(file) : save(broken[i]))))
    await aWholePoll()

    for (const [i, { flags }] of watchers.entries()) {
      expect(flags.pick(locking, order), `after ${broken[i]}`).toBe('across-pricing')
      expect(flags.revision).toBe(revisionOf(armed()))
    }
    await watchers[1]?.save(calm())
    await eventually('the repaired file is in force', () => {
      expect(watchers[1]?.flags.pick(locking, order)).toBe('narrow')
    })
  })

  test('is not looked at any more once disposed', async () => {
    const { flags, save } = await watching(calm())
    flags[Symbol.dispose]()

    await save(armed())
    await aWholePoll()

    expect(flags.pick(locking, order)).toBe('narrow')
  })
})

describe('pick', () => {
  test('follows targeting on keys with dots', async () => {
    const isBulk = { '==': [{ var: 'shop.cart_size' }, 'bulk'] }
    const { flags } = await watching(fileOf({ targeting: { if: [isBulk, 'across-pricing', 'narrow'] } }))

    expect(flags.pick(locking, bulkOrder)).toBe('across-pricing')
    expect(flags.pick(locking, order)).toBe('narrow')
  })

  test('follows targeting on keys with many dots, beside keys that begin alike', async () => {
    const isSecond = { '==': [{ var: 'service.instance.id' }, 'payment-2'] }
    const { flags } = await watching(fileOf({ targeting: { if: [isSecond, 'across-pricing', 'narrow'] } }))
    const instance = defineFlag({ ...locking, keys: ['service.instance.id', 'service.name'] })
    const pickOn = (id: string) =>
      flags.pick(instance, { ...order, 'service.name': 'payment', 'service.instance.id': id })

    expect([pickOn('payment-2'), pickOn('payment-1')]).toEqual(['across-pricing', 'narrow'])
  })

  test('gives the same order the same variant, and a share of all orders the other one', async () => {
    const split = [{ var: 'shop.order_id' }, ['across-pricing', 20], ['narrow', 80]]
    const { flags } = await watching(fileOf({ targeting: { fractional: split } }))
    const picked = (n: number) => flags.pick(locking, { ...order, 'shop.order_id': `order-${n}` })

    const first = Array.from({ length: 2_000 }, (_, n) => picked(n))

    expect(Array.from({ length: 2_000 }, (_, n) => picked(n))).toEqual(first)
    const share = first.filter((variant) => variant === 'across-pricing').length / first.length
    expect(share).toBeGreaterThan(0.17)
    expect(share).toBeLessThan(0.23)
  })

  test.for([
    ['a variant that the code does not know', fileOf({ variants: { x: 'sideways' }, defaultVariant: 'x' })],
    ['a variant that is no text', fileOf({ variants: { x: true }, defaultVariant: 'x' })],
    ['a flag that is switched off', fileOf({ state: 'DISABLED', defaultVariant: 'across-pricing' })],
    ['targeting that comes to nothing known', fileOf({ targeting: { var: 'shop.order_id' } })],
    ['no such flag', JSON.stringify({ flags: {} })],
  ] as const)('is calm for %s', async ([, content]) => {
    const { flags } = await watching(content)

    expect(flags.pick(locking, order)).toBe('narrow')
  })

  test('never throws, whatever it is told about', async () => {
    const isBulk = { '==': [{ var: 'shop.cart_size' }, 'bulk'] }
    const { flags } = await watching(fileOf({ targeting: { if: [isBulk, 'across-pricing', 'narrow'] } }))
    const odd = [{}, null, undefined, 7, 'text', [], { 'shop.cart_size': undefined }, { 'shop.cart_size': { a: 1 } }]
    const odder = [{ shop: 'x', 'shop.tier': 'y' }, { '__proto__.x': 'y' }, { 'a.b.c': 'd' }, { '': '' }, { '.': '.' }]

    for (const about of [...odd, ...odder]) expect(flags.pick(locking, about as never)).toBe('narrow')
    expect(({} as { x?: string }).x).toBeUndefined()
  })

  test('knows a service’s edge by path', async () => {
    const edge = defineEdgeFlag('api')
    const onCheckout = { if: [{ '==': [{ var: 'url.path' }, '/api/checkout'] }, 'error-503', 'none'] }
    const variants = Object.fromEntries(edge.variants.map((variant) => [variant, variant]))
    const flag = { state: 'ENABLED', variants, defaultVariant: 'none', targeting: onCheckout }
    const { flags } = await watching(JSON.stringify({ flags: { 'api-edge': flag } }))

    expect(flags.pick(edge, { 'url.path': '/api/checkout', trace_id: 't' })).toBe('error-503')
    expect(flags.pick(edge, { 'url.path': '/api/products', trace_id: 't' })).toBe('none')
  })
})

/** A watcher on a file of its own, with `content` in it from the start. */
async function watching(content?: string) {
  const file = join(await makeTempFolder(), 'flags.json')
  const save = (text: string) => writeFile(file, text)
  if (content !== undefined) await save(content)
  const flags = await watchFlags(file)
  onTestFinished(() => flags[Symbol.dispose]())
  return { flags, save, file }
}

/** Until watchers that are running now have looked at their files: a watcher that started later has, twice. */
async function aWholePoll(): Promise<void> {
  const { flags, save } = await watching(calm())
  for (const [content, variant] of [
    [armed(), 'across-pricing'],
    [calm(), 'narrow'],
  ] as const) {
    await save(content)
    await eventually('a poll has passed', () => expect(flags.pick(locking, order)).toBe(variant))
  }
}

function fileOf(about: object): string {
  const variants = { narrow: 'narrow', 'across-pricing': 'across-pricing' }
  const flag = { state: 'ENABLED', variants, defaultVariant: 'narrow', ...about }
  return JSON.stringify({ flags: { 'reservation-locking': flag } })
}

function armed(): string {
  return fileOf({ defaultVariant: 'across-pricing' })
}

function calm(): string {
  return fileOf({})
}
