import { expect, test } from 'vitest'
import { eventually } from '../helpers/eventually.ts'
import { startFakeShop } from '../helpers/fake-shop.ts'
import { startStuckService, startWorkshop } from '../helpers/workshop.ts'

/** A viewer in which so many of 200 checkouts are slow. */
const viewerWith = (slow: number) => async () =>
  Array.from({ length: 200 }, (_, i) => ({ durationMs: i < slow ? 900 : 70 }))

const settingsOf = async ({ client }: Awaited<ReturnType<typeof startWorkshop>>) =>
  (await client.flags()).flags.flatMap(({ setting }) => setting ?? [])

test('a started scenario arms its flags, sends checkouts and stays armed once impact is seen', async () => {
  const shop = await startFakeShop()
  const workshop = await startWorkshop({ target: shop.url, search: viewerWith(12), loadSeconds: 10 })
  expect(await workshop.client.start('hot-product', 3)).toMatchObject({ id: 'hot-product', seed: 3, state: 'arming' })
  await eventually('impact is seen', async () =>
    expect(await workshop.client.current()).toMatchObject({ state: 'impact seen', checkouts: 200, slow: 12 }),
  )
  expect(await settingsOf(workshop)).toHaveLength(1)
  const before = shop.requests.length
  await eventually('people find load to look at', () => expect(shop.requests.length).toBeGreaterThan(before + 15))

  await workshop.client.reset()
  expect(await workshop.client.current()).toBeNull()
  expect(await settingsOf(workshop)).toEqual([])
  const after = shop.requests.length
  await expect(
    eventually('more comes', () => expect(shop.requests.length).toBeGreaterThan(after), { withinMs: 1_000 }),
  ).rejects.toThrow('more comes')
})

test('without impact it says so and resets by itself, and may be started again', async () => {
  const shop = await startFakeShop()
  const workshop = await startWorkshop({ target: shop.url, search: viewerWith(1), loadSeconds: 0.3 })
  await workshop.client.start('hot-product', 1)
  const run = await eventually('it gives up', async () => {
    const current = await workshop.client.current()
    expect(current?.state).toBe('no impact')
    return current
  })
  expect(run?.says).toMatch(/^1 of 200 checkouts were slow within 0.3 s/)
  expect(await settingsOf(workshop)).toEqual([])
  expect(await workshop.client.start('hot-product', 1)).toMatchObject({ state: 'arming' })
})

test('what lasts for some seconds by itself is set for these, and what nothing is done for ends in nothing', async () => {
  const shop = await startFakeShop()
  const workshop = await startWorkshop({ target: shop.url, search: viewerWith(0), loadSeconds: 10 })
  const before = Date.now()
  await workshop.client.start('blip', 1)
  await eventually('it is armed', async () => expect(await settingsOf(workshop)).toHaveLength(1))
  const [setting] = await settingsOf(workshop)
  const lastsMs = Date.parse(setting?.until ?? '') - before
  expect(lastsMs).toBeGreaterThanOrEqual(5_000)
  expect(lastsMs).toBeLessThan(8_000)
  await workshop.client.reset()

  const many = await startWorkshop({
    ...{ target: shop.url, loadSeconds: 10 },
    search: async () => Array.from({ length: 400 }, () => ({ durationMs: 70 })),
  })
  await many.client.start('calm', 1)
  await eventually('it ends well before its time', async () =>
    expect(await many.client.current()).toMatchObject({
      state: 'no impact',
      says: '0 of 400 checkouts were slow: nothing is wrong, and that is the answer.',
    }),
  )
})

test('it fails, naming the service, when one does not read the flag file', async () => {
  const workshop = await startWorkshop({ instances: [await startStuckService('payment-2')] })
  await workshop.client.start('hot-product', 1)
  await eventually('it fails', async () =>
    expect(await workshop.client.current()).toMatchObject({
      state: 'failed',
      says: 'Not armed: payment-2: it has revision old.',
    }),
  )
  await eventually('it is calm again', async () => expect(await settingsOf(workshop)).toEqual([]))
})

test('it fails with the sentence of the viewer when that cannot be asked', async () => {
  const search = async () => {
    throw new Error('The viewer cannot be reached.')
  }
  const shop = await startFakeShop()
  const workshop = await startWorkshop({ target: shop.url, search })
  await workshop.client.start('hot-product', 1)
  await eventually('it fails', async () =>
    expect(await workshop.client.current()).toMatchObject({ state: 'failed', says: 'The viewer cannot be reached.' }),
  )
})

test('a second start, and a start during a proof, are refused', async () => {
  const shop = await startFakeShop()
  const { client } = await startWorkshop({ target: shop.url, loadSeconds: 10 })
  await client.start('hot-product', 1)
  await expect(client.start('hot-product', 1)).rejects.toThrow('Scenario hot-product is running: reset it first.')
  await client.reset()
  await client.setTraffic({ paused: true, reason: 'a proof is running' })
  await expect(client.start('hot-product', 1)).rejects.toThrow('The shop is taken (a proof is running)')
})
