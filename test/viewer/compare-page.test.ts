// Two traces side by side in a real browser, and the way there from a slow one.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sidewaysOverflow } from '../helpers/browser.ts'
import { checkout, idFor } from '../helpers/checkouts.ts'
import { lowContrast } from '../helpers/contrast.ts'
import { eventually } from '../helpers/eventually.ts'
import { lookAgain, numbers, openPages } from '../helpers/pages.ts'
import { server, trace, traceIdOf } from '../helpers/traces.ts'
import { startViewer } from '../helpers/viewer.ts'

const { open, viewer } = openPages()
const slowId = idFor(numbers.waiting)
const fastId = idFor(1)

const tableOf = (page: Page) => page.getByRole('region', { name: 'Where the difference is' })
const sideOf = (page: Page, side: 0 | 1) => page.locator('.compare-trace').nth(side)

test('the operation that took longer is first, and both waterfalls have one scale', async () => {
  const { page, problems } = await open(`/compare/${slowId}/${fastId}`)
  await tableOf(page).waitFor()
  const first = (await tableOf(page).locator('tbody tr').first().textContent()) ?? ''
  expect(first).toContain('inventory · SELECT shop')
  expect(first).toContain('+637 ms')
  expect(await tableOf(page).locator('tfoot').textContent()).toContain('767 ms126 ms+641 ms')
  const widths = await Promise.all(
    ([0, 1] as const).map(async (side) => (await sideOf(page, side).locator('.span-bar').first().boundingBox())?.width),
  )
  expect(Number(widths[0]) / Number(widths[1])).toBeCloseTo(767 / 126, 0)
  expect(await page.getByRole('region', { name: 'What their roots say differently' }).textContent()).toContain(
    'shop.order_idorder-40order-1',
  )
  expect(problems).toEqual([])
})

test('an operation that is picked in the table or in a waterfall stands out in both', async () => {
  const { page, problems } = await open(`/compare/${slowId}/${fastId}`)
  await tableOf(page).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const bright = (side: 0 | 1) => sideOf(page, side).locator('.row:not(.is-dim)').count()
  await eventually('one span each stays bright', async () => expect([await bright(0), await bright(1)]).toEqual([1, 1]))
  await page.keyboard.press('Escape')
  await eventually('all are', async () => expect([await bright(0), await bright(1)]).toEqual([17, 17]))
  await sideOf(page, 1).locator('.row').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await eventually('one span each stays bright', async () => expect([await bright(0), await bright(1)]).toEqual([1, 1]))
  expect(await sideOf(page, 0).locator('.row:not(.is-dim)').getAttribute('aria-label')).toContain('auth.validate')
  // The same one again and again, with the mouse.
  const row = sideOf(page, 1).getByRole('row', { name: /^api: auth.validate/ })
  for (const expected of [17, 1, 17]) {
    await row.click()
    await eventually(`${expected} are bright`, async () => expect(await bright(0)).toBe(expected))
  }
  await sideOf(page, 1).locator('.row').first().focus()
  await page.keyboard.press('ArrowLeft')
  await eventually('its spans are folded', async () => expect(await sideOf(page, 1).locator('.row').count()).toBe(1))
  await page.keyboard.press('ArrowRight')
  await eventually('and back', async () => expect(await sideOf(page, 1).locator('.row').count()).toBe(17))
  expect(problems).toEqual([])
})

test('a slow trace offers the comparison with a usual one, by link and by key; a fast one does not', async () => {
  const { page, problems } = await open(`/trace/${slowId}`)
  await page.getByRole('link', { name: 'Compare with a usual one' }).click()
  await page.waitForURL(`**/compare/${slowId}/*`)
  await tableOf(page).waitFor()
  await page.goBack()
  await page.locator('.row').first().waitFor()
  await page.keyboard.press('d')
  await page.waitForURL(`**/compare/${slowId}/*`)
  await tableOf(page).waitFor()
  await page.keyboard.press('2')
  await page.waitForURL('**/trace/*')
  await page.locator('.row').first().waitFor()
  expect(await page.getByRole('link', { name: 'Compare with a usual one' }).count()).toBe(0)
  expect(problems).toEqual([])
})

test('the two are swapped by button and by key', async () => {
  const { page, problems } = await open(`/compare/${slowId}/${fastId}`)
  await page.getByRole('button', { name: 'Swap' }).click()
  await page.waitForURL(`**/compare/${fastId}/${slowId}`)
  await tableOf(page).waitFor()
  expect(await tableOf(page).locator('tbody tr').first().textContent()).toContain('−637 ms')
  expect(await sideOf(page, 0).textContent()).toContain('Faster')
  await page.keyboard.press('x')
  await page.waitForURL(`**/compare/${slowId}/${fastId}`)
  expect(problems).toEqual([])
})

test('a trace that is not here is named, with the way to the other one', async () => {
  const nobody = `${'0'.repeat(31)}7`
  const { page } = await open(`/compare/${slowId}/${nobody}`)
  const alert = page.getByRole('alert')
  await eventually('it is named', async () => expect(await alert.textContent()).toContain(nobody))
  expect(await alert.textContent()).toContain('One of the two traces is not here')
  expect(await alert.getByRole('link', { name: 'The other one' }).getAttribute('href')).toBe(`/trace/${slowId}`)
  await page.screenshot({ path: 'test-results/viewer-compare-missing.png' })
  await page.goto(`${viewer().url}/compare/abc/def`)
  await page.getByText('Neither of the two traces is here').waitFor()
  expect(await alert.textContent()).toContain('id is "abc": expected 32 hexadecimal digits')
})

test('a trace that is still on its way joins the comparison when it arrives', async () => {
  const own = await startViewer()
  await own.sendSpans(checkout({ n: 1 }).spans, Date.now() - 60_000)
  const { page } = await open(`/compare/${idFor(2)}/${idFor(1)}`, { hasClock: true }, own)
  await page.getByText('One of the two traces is not here').waitFor()
  await own.sendSpans(checkout({ n: 2, waitMs: 600 }).spans, Date.now() - 60_000)
  await lookAgain(page)
  await eventually('both are compared', async () =>
    expect(await tableOf(page).locator('tbody tr').first().textContent()).toContain('+600 ms'),
  )
})

test('the same trace twice, and two kinds of request, are remarked on', async () => {
  const { page } = await open(`/compare/${slowId}/${slowId}`)
  await page.getByText('Both are the same trace.').waitFor()
  await viewer().sendSpans(trace(server('api', 'GET /api/cart', 0, 20), traceIdOf(77)).spans, Date.now() - 60_000)
  await page.goto(`${viewer().url}/compare/${slowId}/${traceIdOf(77)}`)
  await page.getByText('These are two kinds of request').waitFor()
})

for (const width of [1280, 390]) {
  test(`the comparison fits into ${width} px, light and dark`, async () => {
    const { page, problems } = await open(`/compare/${slowId}/${fastId}`, { width })
    await tableOf(page).waitFor()
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      expect(await sidewaysOverflow(page)).toBe(0)
      expect(await lowContrast(page)).toEqual([])
      await page.screenshot({ path: `test-results/viewer-compare-${width}-${scheme}.png`, fullPage: true })
    }
    await page.locator('.compare-operation').first().click()
    await page.screenshot({ path: `test-results/viewer-compare-picked-${width}.png`, fullPage: true })
    expect(problems).toEqual([])
  })
}
