// The wholesaler's ERP as pricing meets it: agreements at once, lists page by page and two at a time.
import { expect, onTestFinished, test } from 'vitest'
import { buildErp } from '../../infra/world/erp.ts'
import { createRandom } from '../../services/kit/random.ts'
import { products, soldOutProducts } from '../../services/kit/seed.ts'
import { fixedFlags } from '../helpers/fixed-flags.ts'
import { createClient } from '../helpers/shop.ts'

test('prints the price of everything once, 25 products a page', async () => {
  const { page } = await startErp(1)
  const pages = []
  for (let next: unknown = 1; next !== null; next = pages.at(-1)?.nextPage) pages.push((await page(Number(next))).body)

  const prices = pages.flatMap((body) => body.prices as { sku: string; priceCents: number }[])
  const expected = [...products, ...soldOutProducts].map(({ sku, priceCents }) => ({ sku, priceCents }))
  expect(prices).toEqual(expected)
  expect(pages.map((body) => (body.prices as unknown[]).length)).toEqual([25, 25, 25, 25, 25, 25, 25, 25, 3])
})

test('prints two pages at a time, and answers about agreements meanwhile', async () => {
  const { page, agreements } = await startErp(50)
  const startMs = performance.now()
  const done: string[] = []
  const finished = async (what: string, work: Promise<unknown>) => {
    await work
    done.push(what)
  }

  await Promise.all([
    ...[1, 2, 3, 4, 5, 6].map((number) => finished('page', page(number))),
    finished('agreements', agreements(['enamel-mug'])),
  ])

  // Three turns of about 80 ms.
  expect(performance.now() - startMs).toBeGreaterThan(160)
  expect(done.indexOf('agreements')).toBeLessThan(2)
})

test.for(['0', '10', 'x'])('refuses page %s', async (number) => {
  expect((await (await startErp(1)).page(number)).status).toBe(500)
})

async function startErp(medianMs: number) {
  const erp = buildErp({ flags: fixedFlags({}), random: createRandom(1), medianMs })
  onTestFinished(() => erp.close())
  const { send } = createClient(await erp.listen({ host: '127.0.0.1', port: 0 }))
  return {
    page: (number: number | string) => send('GET', `/price-list?page=${number}`),
    agreements: (skus: string[]) => send('POST', '/agreements', { skus }),
  }
}
