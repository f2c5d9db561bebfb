// Drawing a box over the dots of the list, in a real browser: what the traces in it have that the others lack.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sidewaysOverflow } from '../helpers/browser.ts'
import { checkout } from '../helpers/checkouts.ts'
import { lowContrast } from '../helpers/contrast.ts'
import { eventually } from '../helpers/eventually.ts'
import { lookAgain, openPages, rowsIn } from '../helpers/pages.ts'
import { plantedCheckouts } from '../helpers/planted.ts'
import { startViewer } from '../helpers/viewer.ts'

const { open } = openPages()

/** Ninety checkouts that ended a minute ago. Each of the ten slow ones has a bulk cart, and no other has. */
async function plantedViewer() {
  const viewer = await startViewer()
  const { checkouts, slowIds } = plantedCheckouts(90, Date.now() - 160_000)
  for (const { spans } of checkouts) await viewer.sendSpans(spans)
  return { viewer, slowIds }
}

const panelOf = (page: Page) => page.getByRole('region', { name: 'What differs' })
const textOf = async (page: Page) => (await panelOf(page).textContent()) ?? ''
const firstRow = async (page: Page) => (await panelOf(page).locator('tbody tr').first().textContent()) ?? ''

/** A box around dots, in CSS pixels of the window. */
async function boxAround(page: Page, selector: string) {
  const boxes = await page.locator(selector).evaluateAll((dots) =>
    dots.map((dot) => {
      const { left, right, top, bottom } = (
        dot as unknown as { getBoundingClientRect(): Record<'left' | 'right' | 'top' | 'bottom', number> }
      ).getBoundingClientRect()
      return { left, right, top, bottom }
    }),
  )
  return {
    left: Math.min(...boxes.map(({ left }) => left)) - 2,
    right: Math.max(...boxes.map(({ right }) => right)) + 2,
    top: Math.min(...boxes.map(({ top }) => top)) - 4,
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)) + 4,
  }
}

async function drawAround(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().waitFor()
  const { left, right, top, bottom } = await boxAround(page, selector)
  await page.mouse.move(left, top)
  await page.mouse.down()
  await page.mouse.move((left + right) / 2, (top + bottom) / 2, { steps: 4 })
  await page.mouse.move(right, bottom, { steps: 4 })
  await page.mouse.up()
}

test('a box around the slow dots says what they have in common, with true counts of both sides', async () => {
  const { viewer, slowIds } = await plantedViewer()
  const { page, problems } = await open('/', {}, viewer)
  await drawAround(page, 'circle.tone-slow')
  await eventually('the differences are shown', async () =>
    expect(await textOf(page)).toContain('10 traces of POST /api/checkout in the region, 80 others'),
  )
  expect(await page.locator('.scatter .region').count()).toBe(1)
  const row = await firstRow(page)
  expect(row).toContain('shop.cart_size = bulk')
  expect(row).toContain('100 %10')
  expect(row).toContain('0 %0')
  expect(row).toContain('< 0.001')
  const example = await panelOf(page)
    .getByRole('link', { name: /^An example of shop.cart_size/ })
    .getAttribute('href')
  expect(slowIds.map((id) => `/trace/${id}`)).toContain(example)
  expect(problems).toEqual([])
})

test('the box does not open the trace under which it ends, and a click on a dot still opens it', async () => {
  const { viewer } = await plantedViewer()
  const { page } = await open('/', {}, viewer)
  const dots = page.locator('circle.tone-slow')
  await dots.first().waitFor()
  await dots.first().hover()
  await page.mouse.down()
  await dots.last().hover()
  await page.mouse.up()
  await panelOf(page).waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
  await dots.first().click()
  await page.waitForURL('**/trace/*')
})

test('Escape gives up a box that is being drawn', async () => {
  const { viewer } = await plantedViewer()
  const { page } = await open('/', {}, viewer)
  const dots = page.locator('circle.tone-slow')
  await dots.first().waitFor()
  await dots.first().hover()
  await page.mouse.down()
  await dots.last().hover()
  await page.locator('.scatter .region').waitFor()
  await page.keyboard.press('Escape')
  await eventually('the box is gone', async () => expect(await page.locator('.scatter .region').count()).toBe(0))
  await page.mouse.up()
  expect(await panelOf(page).count()).toBe(0)
  expect(new URL(page.url()).search).toBe('')
})

test('the dots under a box stay where they are while new traces arrive, until it is cleared', async () => {
  const { viewer } = await plantedViewer()
  const { page } = await open('/', { hasClock: true }, viewer)
  await drawAround(page, 'circle.tone-slow')
  await panelOf(page).waitFor()
  await page.getByRole('button', { name: /^Only from .*: show all times/ }).waitFor()
  await viewer.sendSpans(checkout({ n: 91 }).spans, Date.now() - 30_000)
  const answered = page.waitForResponse('**/api/traces?*')
  await lookAgain(page)
  await answered
  expect(await rowsIn(page)).toBe(90)
  await page.keyboard.press('Escape')
  await eventually('the panel is gone', async () => expect(await panelOf(page).count()).toBe(0))
  expect(new URL(page.url()).search).toBe('')
  await eventually('the new one is listed', async () => expect(await rowsIn(page)).toBe(91))
})

test('the region is in the address: a link to it shows the same', async () => {
  const { viewer } = await plantedViewer()
  const { page, problems } = await open('/', {}, viewer)
  await drawAround(page, 'circle.tone-slow')
  await eventually('it is compared', async () => expect(await firstRow(page)).toContain('bulk'))
  const region = () => page.locator('.scatter .region').getAttribute('style')
  const before = { text: await textOf(page), region: await region() }
  await page.reload()
  await eventually('it is compared again', async () => expect(await textOf(page)).toBe(before.text))
  expect(await region()).toBe(before.region)
  const ends = ['from', 'to', 'minDurationMs', 'maxDurationMs'].map((end) => `region.${end}`)
  const named = [...new URL(page.url()).searchParams.keys()].filter((key) => key.startsWith('region.'))
  expect(named.toSorted()).toEqual(ends.toSorted())
  expect(problems).toEqual([])
})

test('without a pointer a button and a key compare slow with fast', async () => {
  const { viewer, slowIds } = await plantedViewer()
  const { page, problems } = await open('/', {}, viewer)
  const button = page.getByRole('button', { name: 'Compare slow with fast' })
  await button.focus()
  await page.keyboard.press('Enter')
  await eventually('they are compared', async () => expect(await firstRow(page)).toContain('shop.cart_size = bulk'))
  expect(await textOf(page)).toContain('500 ms and more')
  await page.keyboard.press('Escape')
  await eventually('the panel is gone', async () => expect(await panelOf(page).count()).toBe(0))
  await page.keyboard.press('c')
  await eventually('they are compared', async () => expect(await firstRow(page)).toContain('10'))
  await page.getByRole('link', { name: 'Compare the slowest with a usual one' }).click()
  await page.waitForURL('**/compare/*/*')
  expect(slowIds).toContain(new URL(page.url()).pathname.split('/')[2])
  await page.getByRole('heading', { name: 'Where the difference is' }).waitFor()
  expect(problems).toEqual([])
})

test('a finger draws like a mouse', async () => {
  const { viewer } = await plantedViewer()
  const { page } = await open('/', { width: 390 }, viewer)
  await page.locator('circle.tone-slow').first().waitFor()
  await page.locator('.scatter').scrollIntoViewIfNeeded()
  const { left, right, top, bottom } = await boxAround(page, 'circle.tone-slow')
  const finger = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
  await touch('touchStart', left, top)
  for (const part of [0.1, 0.4, 0.7, 1])
    await touch('touchMove', left + (right - left) * part, top + (bottom - top) * part)
  await touch('touchEnd', right, bottom)
  await eventually('they are compared', async () => expect(await firstRow(page)).toContain('shop.cart_size = bulk'))
})

test('too few traces, and a viewer that went away, are said in a sentence', async () => {
  const { viewer } = await plantedViewer()
  const { page } = await open('/', { hasClock: true }, viewer)
  await page.locator('circle.tone-slow').first().waitFor()
  const { right, top, bottom } = await boxAround(page, 'circle.tone-slow')
  await page.mouse.move(right, bottom)
  await page.mouse.down()
  await page.mouse.move(right - 30, top, { steps: 3 })
  await page.mouse.up()
  await eventually('it says so', async () => expect(await textOf(page)).toContain('makes no pattern'))
  await page.keyboard.press('p')
  await viewer.close()
  await page.keyboard.press('c')
  await eventually('it says so', async () => expect(await textOf(page)).toContain('The viewer does not answer'))
  await panelOf(page).getByRole('button', { name: 'Try again' }).waitFor()
})

test('a stretch of time from a link is a chip that is taken away with a click', async () => {
  const { viewer } = await plantedViewer()
  const from = Date.now() - 130_500
  const { page, problems } = await open(`/?sort=slowest&from=${from}&to=${from + 20_000}`, {}, viewer)
  await eventually('twenty are listed', async () => expect(await rowsIn(page)).toBe(20))
  const chip = page.getByRole('button', { name: /^Only from/ })
  expect(await chip.textContent()).toMatch(/^\d\d:\d\d:\d\d to \d\d:\d\d:\d\d ✕$/)
  await chip.click()
  await eventually('all are listed', async () => expect(await rowsIn(page)).toBe(90))
  expect(new URL(page.url()).search).toBe('?sort=slowest')
  expect(problems).toEqual([])
})

for (const width of [1280, 390]) {
  test(`the region and its differences fit into ${width} px, light and dark`, async () => {
    const { viewer } = await plantedViewer()
    const { page, problems } = await open('/', { width }, viewer)
    await drawAround(page, 'circle.tone-slow')
    await eventually('it is compared', async () => expect(await firstRow(page)).toContain('bulk'))
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      expect(await sidewaysOverflow(page)).toBe(0)
      expect(await lowContrast(page)).toEqual([])
      await page.screenshot({ path: `test-results/viewer-brush-${width}-${scheme}.png` })
    }
    expect(problems).toEqual([])
  })
}
