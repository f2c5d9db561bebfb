// The service map in a real browser.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sidewaysOverflow } from '../helpers/browser.ts'
import { checkout } from '../helpers/checkouts.ts'
import { lowContrast } from '../helpers/contrast.ts'
import { eventually } from '../helpers/eventually.ts'
import { askedWithin, openPages, rowsIn } from '../helpers/pages.ts'
import { plantedCheckouts } from '../helpers/planted.ts'
import { client, server, trace, traceIdOf } from '../helpers/traces.ts'
import { startViewer } from '../helpers/viewer.ts'

const { open } = openPages()

/** Ninety checkouts of the last two minutes, every ninth slow in inventory, and a few reports that inventory sends to the ERP. */
async function shopViewer() {
  const viewer = await startViewer()
  const beginMs = Date.now() - 130_000
  for (const { spans } of plantedCheckouts(90, beginMs).checkouts) await viewer.sendSpans(spans)
  for (let n = 1; n <= 12; n++) {
    const failed = n === 1 ? { status: 'error' as const } : {}
    const peer = { attributes: { 'peer.service': 'erp' }, ...failed }
    const report = server('inventory', 'POST /stock-reports', 0, 90, [client('inventory', 'POST', 5, 85, [], peer)])
    await viewer.sendSpans(trace(report, traceIdOf(n)).spans, beginMs + n * 5_000)
  }
  return viewer
}

const rowOf = (page: Page, from: string, to: string, isMessage = false) =>
  page.locator('.map-table tbody tr', { hasText: `${from}${isMessage ? '⇢' : '→'}${to}` })

test('services and whom they call are drawn and listed, with what the callers saw', async () => {
  const viewer = await shopViewer()
  const { page, problems } = await open('/map', {}, viewer)
  await page.locator('.map-node').first().waitFor()
  const names = await page.locator('.map-name').allTextContents()
  expect(names.toSorted()).toEqual(['api', 'bank', 'erp', 'inventory', 'payment', 'postgres', 'pricing'])
  expect(await page.locator('.map-line').count()).toBe(9)
  expect(await page.locator('.map-line.is-message').count()).toBe(1)
  expect(await rowOf(page, 'inventory', 'erp').textContent()).toContain('8.3 %')
  expect(await rowOf(page, 'api', 'inventory', true).textContent()).toContain('queue')
  const slow = rowOf(page, 'api', 'inventory')
  expect(await slow.textContent()).toContain('▲ slow')
  expect(await page.locator('.map-label', { hasText: '▲' }).count()).toBe(2)
  expect(problems).toEqual([])
})

test('a line leads to the slowest traces of whom it calls, in the time that was counted', async () => {
  const viewer = await shopViewer()
  const { page, problems } = await open('/map', {}, viewer)
  await rowOf(page, 'inventory', 'erp').getByRole('link').focus()
  await page.keyboard.press('k')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/?service=inventory&sort=slowest&from=*&to=*')
  await eventually('its traces are listed', async () => expect(await rowsIn(page)).toBe(102))
  await page.goBack()
  await page.locator('a.map-node', { hasText: 'pricing' }).click()
  await page.waitForURL('**/?service=pricing&*')
  await eventually('its traces are listed', async () => expect(await rowsIn(page)).toBe(90))
  expect(problems).toEqual([])
})

test('the stretch of time is chosen with buttons or a key, and the address remembers it', async () => {
  const viewer = await shopViewer()
  const { page, problems } = await open('/map', {}, viewer)
  await page.locator('.map-node').first().waitFor()
  const traces = async () =>
    Number(/^\s*([\d,]+) trace/.exec((await page.locator('.map-about').textContent()) ?? '')?.[1])
  await eventually('five minutes have all', async () => expect(await traces()).toBe(102))
  await page.getByRole('button', { name: '1 min', exact: true }).click()
  await eventually('one minute has fewer', async () => expect(await traces()).toBeLessThan(60))
  await page.reload()
  await eventually('it still has', async () => expect(await traces()).toBeLessThan(60))
  expect(new URL(page.url()).search).toBe('?minutes=1')
  await page.keyboard.press('m')
  await eventually('five minutes again', async () => expect(await traces()).toBe(102))
  expect(problems).toEqual([])
})

test('new calls show up by themselves, unless the map is paused', async () => {
  const viewer = await startViewer()
  const { page } = await open('/map', { hasClock: true }, viewer)
  await page.getByText('No traces in the last 5 minutes').waitFor()
  await viewer.sendSpans(checkout({ n: 1 }).spans, Date.now() - 5_000)
  await page.clock.fastForward(5_100)
  await rowOf(page, 'payment', 'bank').waitFor()
  await page.keyboard.press('p')
  await page.getByRole('button', { name: 'Paused' }).waitFor()
  expect(await askedWithin(page, '/api/map', 5_100)).toBe(0)
  await page.keyboard.press('p')
  expect(await askedWithin(page, '/api/map', 5_100)).toBeGreaterThan(0)
})

test('when what is here is old, the way to it is offered', async () => {
  const viewer = await startViewer()
  for (const { spans } of plantedCheckouts(30).checkouts) await viewer.sendSpans(spans)
  const { page, problems } = await open('/map', {}, viewer)
  await page.getByText('No traces in the last 5 minutes').waitFor()
  await page.screenshot({ path: 'test-results/viewer-map-empty.png' })
  await page.getByRole('link', { name: 'Show the 5 minutes up to it' }).click()
  await rowOf(page, 'payment', 'bank').waitFor()
  expect(await page.locator('.map-about').textContent()).toContain('30 traces')
  await page.getByRole('button', { name: '1 min', exact: true }).click()
  await eventually('the minute up to it', async () => expect(page.url()).toMatch(/minutes=1&to=\d+$/))
  await page.reload()
  await rowOf(page, 'payment', 'bank').waitFor()
  expect(problems).toEqual([])
})

test('a viewer that does not answer is reported', async () => {
  const viewer = await shopViewer()
  const { page } = await open('/map', { hasClock: true }, viewer)
  await page.locator('.map-node').first().waitFor()
  await viewer.close()
  await page.clock.fastForward(5_100)
  expect(await page.getByRole('alert').textContent()).toContain('The viewer does not answer')
  expect(await page.locator('.map-table tbody tr').count()).toBe(9)
})

type Place = { name: string; x: number; y: number; width: number; height: number }
type Layout = { nodes: Place[]; edges: { points: { x: number; y: number }[]; label: { x: number; y: number } }[] }

test('in the layout every call goes to the right, nothing overlaps, and a circle is no endless loop', async () => {
  const { page } = await open('/')
  const names = ['api', 'bank', 'erp', 'inventory', 'payment', 'postgres', 'pricing']
  const pairs = ['api inventory', 'api payment', 'api postgres', 'inventory pricing', 'inventory erp', 'payment bank']
  const more = ['pricing postgres', 'inventory postgres', 'payment postgres', 'pricing api', 'api api', 'api inventory']
  const edges = [...pairs, ...more].map((pair) => ({ caller: pair.split(' ')[0], callee: pair.split(' ')[1] }))
  const asked = JSON.stringify([names.map((name) => ({ name })), edges])
  const { nodes, edges: lines } = await page.evaluate<Layout>(
    `import('/pages/map-layout.js').then(({ layoutOf }) => layoutOf(...${asked}))`,
  )
  const columns = ['api', 'inventory', 'pricing', 'postgres'].map((name) => nodes.find((node) => node.name === name)?.x)
  expect(columns).toEqual(columns.toSorted((a, b) => Number(a) - Number(b)))
  expect(new Set(columns).size).toBe(4)
  for (const [i, a] of nodes.entries())
    for (const b of nodes.slice(i + 1))
      expect(a.x !== b.x || Math.abs(a.y - b.y) >= a.height, `${a.name} ${b.name}`).toBe(true)
  for (const [i, { label: a }] of lines.entries())
    for (const { label: b } of lines.slice(i + 1))
      expect(Math.abs(a.x - b.x) >= 120 || Math.abs(a.y - b.y) >= 28).toBe(true)
  expect(lines).toHaveLength(11)
})

for (const width of [1280, 390]) {
  test(`the map fits into ${width} px, light and dark`, async () => {
    const viewer = await shopViewer()
    const { page, problems } = await open('/map', { width }, viewer)
    await page.locator('.map-table').waitFor()
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      expect(await sidewaysOverflow(page)).toBe(0)
      expect(await lowContrast(page)).toEqual([])
      await page.screenshot({ path: `test-results/viewer-map-${width}-${scheme}.png`, fullPage: true })
    }
    expect(problems).toEqual([])
  })
}
