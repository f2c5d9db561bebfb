// The metrics page in a real browser: curves side by side, and the way from a point to the trace behind it.
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { sidewaysOverflow } from '../helpers/browser.ts'
import { idFor } from '../helpers/checkouts.ts'
import { lowContrast } from '../helpers/contrast.ts'
import { eventually } from '../helpers/eventually.ts'
import { otlpMetrics } from '../helpers/otlp-metrics.ts'
import { askedWithin, numbers, openPages } from '../helpers/pages.ts'
import { openViewer, startViewer, type Viewer } from '../helpers/viewer.ts'

const { open, viewer } = openPages()
beforeAll(() => sendMetrics(viewer()))

/** Reports every five seconds of the last four minutes; payment-1 is slow in every ninth of them. */
async function sendMetrics(to: Viewer): Promise<void> {
  const nowMs = Date.now()
  for (let n = 48; n >= 0; n--) {
    const atMs = nowMs - n * 5000
    const isSlow = n % 9 === 2
    const usual = { atMs, loopDelayMs: { p99: 11 + (n % 4), max: 14 + (n % 7) }, gcMs: 4 + (n % 5) }
    const pool = { used: 2 + (n % 4), waiting: isSlow ? 6 : 0 }
    const quick = Array.from({ length: 30 + (n % 8) }, (_, i) => 12 + ((i * 7 + n * 3) % 60))
    const checkouts = quick.map((ms) => ms + 70).concat(isSlow ? [820, 900] : [])
    await to.sendMetrics(
      otlpMetrics({ ...usual, service: 'api', instance: 'api-1', requests: quick.concat(checkouts), checkouts, pool }),
    )
    for (const instance of ['payment-1', 'payment-2']) {
      const slow = isSlow && instance === 'payment-1' ? [700, 900] : []
      const failed = isSlow && instance === 'payment-1' ? [30] : []
      await to.sendMetrics(
        otlpMetrics({ ...usual, service: 'payment', instance, requests: quick.concat(slow), failed }),
      )
    }
  }
}

const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true })
const chartsIn = (page: Page, title: string) => card(page, title).getByRole('img')

test('the instances of a service stand side by side', async () => {
  const { page, problems } = await open('/metrics?service=payment')
  await card(page, 'How long requests take').waitFor()
  expect(await chartsIn(page, 'How long requests take').count()).toBe(2)
  const labels = await chartsIn(page, 'Requests a second').evaluateAll((all) => all.map((one) => one.ariaLabel))
  expect(labels).toEqual([
    expect.stringMatching(/^payment-1: requests \d/),
    expect.stringMatching(/^payment-2: requests \d/),
  ])
  const [left, right] = await Promise.all(
    [0, 1].map((i) => chartsIn(page, 'How long requests take').nth(i).boundingBox()),
  )
  expect(left?.y).toBe(right?.y)
  expect(await card(page, 'How long checkouts take').count()).toBe(0)
  expect(await card(page, 'Connection pool shop').count()).toBe(0)
  expect(problems).toEqual([])
})

test('the api comes first, its checkouts with their objective, its pool, event loop and garbage collection', async () => {
  const { page, problems } = await open('/metrics')
  for (const title of [
    'How long checkouts take',
    'How long all requests take',
    'Requests a second',
    'Errors a second (5xx)',
    'Connection pool shop',
    'Event loop delay',
    'Garbage collection a second',
  ]) {
    await card(page, title).waitFor()
  }
  expect(await chartsIn(page, 'Connection pool shop').getAttribute('aria-label')).toMatch(
    /^api-1: in use \d, waiting \d$/,
  )
  expect(await page.title()).toBe('Metrics of api · Slow Sometimes')
  expect(problems).toEqual([])
})

test('a click into the latency chart opens the slowest trace of that moment at the request itself', async () => {
  const { page, problems } = await open('/metrics')
  const plot = card(page, 'How long checkouts take').locator('.u-over')
  await plot.waitFor()
  const { width = 0, height = 0 } = (await plot.boundingBox()) ?? {}
  const nowMs = Date.now()
  const query = new URLSearchParams({ service: 'api', from: String(nowMs - 300_000), to: String(nowMs) })
  const { body } = await viewer().get<{ instances: { atMs: number[] }[] }>(`/api/service-metrics?${query}`)
  const { body: waiting } = await viewer().get<{ trace: { spans: { endMs: number; parentSpanId?: string }[] } }>(
    `/api/traces/${idFor(numbers.waiting)}`,
  )
  const endMs = waiting.trace.spans.find(({ parentSpanId }) => parentSpanId === undefined)?.endMs ?? 0
  // The step that tells of it is the first one after its end.
  const atMs = body.instances[0]?.atMs.find((ms) => ms > endMs) ?? 0
  await plot.click({ position: { x: width * (1 - (Date.now() - atMs) / 300_000), y: height / 2 } })
  await page.waitForURL(`**/trace/${idFor(numbers.waiting)}#span=*`)
  const panel = page.getByRole('complementary', { name: 'Selected span' })
  await eventually('its request is selected', async () =>
    expect(await panel.textContent()).toContain('POST /api/checkout'),
  )
  expect(problems).toEqual([])
})

test('a moment without a trace is told in a sentence', async () => {
  const { page } = await open('/metrics?service=payment')
  const plot = card(page, 'How long requests take').locator('.u-over').first()
  await plot.click({ position: { x: 200, y: 40 } })
  await page.getByText('No trace of what payment answered then is here').waitFor()
})

test('the keyboard alone chooses the range and the service, and opens the slowest request', async () => {
  const { page, problems } = await open('/metrics')
  await page.locator('a.slow-request').first().waitFor()
  await page.keyboard.press('r')
  await page.waitForURL('**/metrics?minutes=15')
  expect(await page.getByRole('button', { name: '15 min' }).getAttribute('aria-pressed')).toBe('true')
  await page.keyboard.press('/')
  expect(await page.evaluate('document.activeElement.id')).toBe('metrics-service')
  await page.keyboard.press('p')
  await page.waitForURL('**/metrics?service=payment&minutes=15')
  await card(page, 'How long requests take').waitFor()
  await page.keyboard.press('Escape')
  await eventually('the slowest request of payment has the focus', async () => {
    await page.keyboard.press('j')
    expect(await page.evaluate('document.activeElement.textContent')).toContain('POST /authorisations')
  })
  await page.keyboard.press('Enter')
  await page.waitForURL('**/trace/*#span=*')
  expect(problems).toEqual([])
})

test('new reports show up by themselves, unless the page is paused', async () => {
  const own = await startViewer({ startedAtMs: 0 })
  const { page } = await open('/metrics', { hasClock: true }, own)
  await page.getByText('No metrics yet').waitFor()
  const nowMs = Date.now()
  const report = (agoMs: number, requests: number[]) =>
    own.sendMetrics(
      otlpMetrics({
        service: 'api',
        instance: 'api-1',
        atMs: nowMs - agoMs,
        requests,
        loopDelayMs: { p99: 1, max: 2 },
      }),
    )
  await report(11_000, [1])
  await report(6000, Array(50).fill(20))
  await page.clock.fastForward(2100)
  const label = () => chartsIn(page, 'Requests a second').getAttribute('aria-label')
  await eventually('the first curve is there', async () => expect(await label()).toBe('api-1: requests 10.0'))
  await page.keyboard.press('p')
  await page.getByRole('button', { name: 'Paused' }).waitFor()
  await report(1000, Array(100).fill(20))
  expect(await askedWithin(page, '/api/service-metrics', 2100)).toBe(0)
  expect(await label()).toBe('api-1: requests 10.0')
  await page.keyboard.press('p')
  await eventually('it goes on', async () => expect(await label()).toMatch(/requests (19|20)/))
})

test('a service that was silent, one that never spoke, and a viewer that went away are told in sentences', async () => {
  const own = await openViewer({ startedAtMs: 0 })
  const thenMs = Date.now() - 3_600_000
  for (const atMs of [thenMs, thenMs + 5000]) {
    await own.sendMetrics(otlpMetrics({ service: 'api', instance: 'api-1', atMs, requests: [9] }))
  }
  const { page } = await open('/metrics', { hasClock: true }, own)
  await page.getByText('api said nothing then').waitFor()
  await page.getByRole('button', { name: 'Show the minutes before that' }).click()
  await card(page, 'Requests a second').waitFor()
  await page.waitForURL('**/metrics?to=*')
  await page.getByRole('button', { name: 'Back to now' }).click()
  await page.getByText('api said nothing then').waitFor()
  await own.close()
  await page.clock.fastForward(2100)
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain('The viewer does not answer')

  const other = await open('/metrics?service=nobody')
  await other.page.getByText('No metrics of nobody').waitFor()
  expect(other.problems).toEqual([])
})

for (const width of [1280, 390]) {
  test(`the metrics fit into ${width} px and are drawn without complaint, light and dark`, async () => {
    for (const service of ['api', 'payment']) {
      const { page, problems } = await open(`/metrics?service=${service}`, { width })
      await card(page, 'Requests a second').waitFor()
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme })
        expect(await sidewaysOverflow(page)).toBe(0)
        expect(await lowContrast(page), `${service}, ${scheme}`).toEqual([])
        await page.screenshot({ path: `test-results/viewer-metrics-${service}-${width}-${scheme}.png`, fullPage: true })
      }
      expect(problems).toEqual([])
    }
  })
}
