// The console in a real browser, on a workshop whose telemetry is known.
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { metrics } from '../../services/kit/telemetry/names.ts'
import { scenarioNamed } from '../../services/workshop/scenarios/index.ts'
import { type Look, openBrowser, openPage, sidewaysOverflow } from '../helpers/browser.ts'
import { lowContrast } from '../helpers/contrast.ts'
import { eventually } from '../helpers/eventually.ts'
import { startFakeShop } from '../helpers/fake-shop.ts'
import { telemetryOf } from '../helpers/telemetry.ts'
import { logLine, traceIdOf } from '../helpers/traces.ts'
import { slowBank, windowWith } from '../helpers/why-windows.ts'
import { startWorkshop } from '../helpers/workshop.ts'

let browser: Browser

beforeAll(async () => {
  mkdirSync('test-results', { recursive: true })
  browser = await openBrowser()
}, 60_000)
afterAll(() => browser?.close())

const anatomy = scenarioNamed('anatomy')
const startOf = (id: string) => `Start: ${scenarioNamed(id).question}`
const slowOne = traceIdOf(1_001)

async function workshop() {
  const shop = await startFakeShop({ checkoutMs: 20 })
  const search = async () =>
    Array.from({ length: 200 }, (_, i) => ({ durationMs: i < 12 ? 900 : 70 }) as { durationMs: number })
  const late = (traceId: string) => [logLine(0, 'answer of the bank came late', { service: 'payment', traceId })]
  const telemetry = telemetryOf(windowWith(slowBank, { logs: late }))
  telemetry.series = async (metric, _, { toMs }) => (metric === metrics.checkoutDuration ? [feltBefore(toMs)] : [])
  const drillOptions = { settleSeconds: 0, watchSeconds: 0.2, lookEveryMs: 50 }
  const started = await startWorkshop({ target: shop.url, search, telemetry, loadSeconds: 5, drillOptions })
  telemetry.count = async () => {
    const { flags } = JSON.parse(await readFile(started.file, 'utf8'))
    return { checkouts: 400, slow: flags['company-cards'].metadata?.variant === 'approved' ? 30 : 1 }
  }
  return started
}

/** Fifty checkouts every five seconds, one in twenty slow. */
function feltBefore(nowMs: number) {
  const points = Array.from({ length: 60 }, (_, i) => ({
    atMs: nowMs - i * 5_000 - 1,
    value: 0.1,
    count: 50,
    buckets: [
      { upTo: 0.05, count: 5 },
      { upTo: 0.1, count: 40 + (i % 3) },
      { upTo: 0.5, count: 3 - (i % 3) },
      { upTo: 1, count: 2 },
    ],
  }))
  return { metric: metrics.checkoutDuration, labels: { 'shop.outcome': 'placed' }, points }
}

async function open(url: string, look: Partial<Look> = {}) {
  const { page, problems } = await openPage(browser, { width: 1280, scheme: 'light', ...look })
  onTestFinished(() => page.context().close())
  await page.goto(url)
  return { page, problems }
}

async function picture(page: Page, name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    expect(await sidewaysOverflow(page), name).toBe(0)
    expect(await lowContrast(page), `${name}, ${scheme}`).toEqual([])
    await page.screenshot({ path: `test-results/console-${name}-${scheme}.png`, fullPage: true })
  }
}

for (const width of [1280, 390]) {
  test(`every page fits into ${width} px and is drawn without complaint, light and dark`, {
    timeout: 60_000,
  }, async () => {
    const { url } = await workshop()
    const { page, problems } = await open(url, { width })
    for (const [path, sign] of [
      ['/', startOf('anatomy')],
      ['/faults', 'Ship it'],
      ['/shop', 'Buy'],
      ['/drill', 'Start'],
    ] as const) {
      await page.goto(url + path)
      await page.getByRole('button', { name: sign, exact: true }).waitFor()
      await picture(page, `${path.slice(1) || 'incidents'}-${width}`)
    }
    expect(problems).toEqual([])
  })
}

test('a scenario is started, its progress followed, and reset', async () => {
  const { url } = await workshop()
  const { page, problems } = await open(url)
  await page.getByRole('button', { name: startOf('one-issuer') }).click()
  await page.getByRole('listitem').filter({ hasText: 'impact seen' }).and(page.locator('[aria-current]')).waitFor()
  await page.getByText('What is armed').click()
  expect(await page.getByRole('list', { name: 'Armed' }).textContent()).toContain('card-checks: step-up')
  await page.getByRole('row', { name: /^since/ }).waitFor()
  expect(await page.getByRole('button', { name: startOf('anatomy') }).isDisabled()).toBe(true)
  await picture(page, 'running-1280')
  page.once('dialog', (dialog) => void dialog.accept())
  await page.keyboard.press('r')
  await page.getByText('Nothing. Start something below.').waitFor()
  expect(problems).toEqual([])
})

test('a fault is shipped for some, and made calm', async () => {
  const { url, client } = await workshop()
  const { page } = await open(`${url}/faults`)
  await page.getByRole('combobox', { name: 'Flag', exact: true }).selectOption('reservation-locking')
  await page.getByLabel(/^Share/).fill('25')
  await page.getByLabel('Attribute').selectOption('shop.tier')
  await page.getByLabel('is', { exact: true }).fill('business')
  await page.getByRole('button', { name: 'Ship it' }).click()
  await page.getByText(/Every service has read it/).waitFor()
  const { setting } = (await client.flags()).flags.find(({ name }) => name === 'reservation-locking') ?? {}
  expect(setting).toMatchObject({ variant: 'across-pricing', share: 0.25, where: { 'shop.tier': 'business' } })
  await page.getByText('shop.tier = business').waitFor()
  await page.getByLabel(/^For/).fill('soon')
  await page.getByRole('button', { name: 'Ship it' }).click()
  await page.getByText(/"soon" is not a duration: expected a number with its unit/).waitFor()
  await page.getByLabel('Variant').selectOption('narrow')
  await page.getByRole('button', { name: 'Make it calm' }).click()
  await page.getByText('Everything is calm.').waitFor()
})

test('something is bought with the keyboard alone, and its trace is one link away', async () => {
  const { url } = await workshop()
  const { page } = await open(`${url}/shop`)
  await page.getByLabel('Customer').focus()
  await page.keyboard.press('Tab')
  await page.keyboard.type('WELCOME-10')
  await page.keyboard.press('Enter')
  const link = page.getByRole('link', { name: 'Open its trace' })
  await link.waitFor()
  expect(await link.getAttribute('href')).toMatch(/^http:\/\/viewer\/trace\/[0-9a-f]{32}$/)
  expect(await page.getByRole('listitem').filter({ has: link }).textContent()).toMatch(/\d ms.*placed/)
})

test('the usual customers are kept away, and let in again', async () => {
  const { url, client } = await workshop()
  const { page } = await open(url)
  await page.getByRole('button', { name: /Keep them away/ }).click()
  await page.getByText(/are kept away until .*the console/).waitFor()
  expect(await client.traffic()).toMatchObject({ paused: true })
  await page.getByRole('button', { name: 'Let them in' }).click()
  await page.getByText('come, ten a second.').waitFor()
})

test('a drill from the pager to the reveal: wrong in three ways, a wrong fix, the right one, the right answer', {
  // So many clicks and pictures take a busy machine a while.
  timeout: 60_000,
}, async () => {
  const { url } = await workshop()
  const { page, problems } = await open(`${url}/drill`)
  await page.getByLabel(/^Your name/).fill('ada')
  await page.getByLabel('Level').selectOption('0')
  await page.getByLabel(/^Seed/).fill('3')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.getByText('burning its error budget').waitFor()
  await picture(page, 'on-call-1280')
  await page.setViewportSize({ width: 390, height: 900 })
  await picture(page, 'on-call-390')
  await page.setViewportSize({ width: 1280, height: 900 })

  const marks = page.getByRole('region', { name: 'Marks' })
  const answer = async (component: string, mechanism: string) => {
    for (const box of await page.getByRole('checkbox').all()) await box.uncheck()
    await page.getByRole('checkbox', { name: component, exact: true }).check()
    await page.getByLabel('How it comes about').selectOption(mechanism)
    await page.getByRole('button', { name: 'Answer', exact: true }).click()
    await page.getByRole('button', { name: 'Answer', exact: true }).waitFor()
  }
  const shows = (what: RegExp) =>
    eventually(`the marks say ${what}`, async () => expect(await marks.textContent()).toMatch(what))
  await answer('inventory', 'slow-answer')
  await shows(/not it yet.*component0 of 25.*mechanism25 of 25/)
  await answer('bank', 'row-lock')
  await shows(/not it yet.*component25 of 25.*mechanism0 of 25/)
  await answer('nobody', 'none')
  await shows(/not it yet.*component0 of 25.*mechanism0 of 25/)

  await page.getByRole('button', { name: /^A hint/ }).click()
  await page.getByText(anatomy.hints[0] as string).waitFor()
  const fixes = await page.locator('.fixes li span').allTextContents()
  const right = fixes.findIndex((text) => text.includes(anatomy.rightFix?.fix as string)) + 1
  const wrong = right === 1 ? 2 : 1
  await page.getByRole('button', { name: `Ship fix ${wrong}` }).click()
  await page.getByText(`Fix ${wrong}: still slow.`).waitFor()
  await page.getByRole('button', { name: `Ship fix ${right}` }).click()
  await page.getByText(`Fix ${right}: recovered.`).waitFor()

  // What was typed and what was paid for is there after a look at something else.
  await page.keyboard.press('Escape')
  await page.goto(`${url}/shop`)
  await page.goto(`${url}/drill`)
  await page.getByText(anatomy.hints[0] as string).waitFor()
  await shows(/not it yet.*component0 of 25/)

  await page.getByRole('combobox', { name: 'It is', exact: true }).selectOption('attribute')
  await page.getByRole('textbox', { name: 'Attribute' }).fill('shop.tier')
  await page.getByLabel(/^Value/).fill('business')
  await page.getByLabel('What would end it').selectOption(String(right))
  await page.getByLabel(/^A slow checkout/).fill(`http://viewer/trace/${slowOne}?span=1`)
  await page.getByLabel('Log lines of').selectOption('payment')
  await page.getByLabel('that contain').fill('came late')
  await answer('bank', 'slow-answer')
  await shows(/That is it.*discriminator15 of 15.*trace10 of 10.*log5 of 5/)
  await picture(page, 'answered-1280')

  await page.getByRole('button', { name: 'Reveal it' }).click()
  await page.getByRole('heading', { name: new RegExp(anatomy.title) }).waitFor()
  await page.getByText('payment → bank: sent, and no span came back').waitFor()
  await picture(page, 'reveal-1280')
  await page.setViewportSize({ width: 390, height: 900 })
  await picture(page, 'reveal-390')
  await page.getByRole('button', { name: 'Another one' }).click()
  await page.getByRole('row', { name: /^ada \d+ 0 3/ }).waitFor()
  expect(problems).toEqual([])
})

test('a drill takes nothing but the keyboard', { timeout: 60_000 }, async () => {
  const { url } = await workshop()
  const { page } = await open(`${url}/drill`)
  /** Tabs on until the control has the focus, as somebody without a mouse does. */
  const at = async (control: Locator, ...keys: string[]) => {
    await control.waitFor()
    for (let i = 0; i < 60; i++) {
      if ((await control.and(page.locator(':focus')).count()) === 1) break
      await page.keyboard.press('Tab')
    }
    for (const key of keys) await (key.length > 1 ? page.keyboard.press(key) : page.keyboard.type(key))
  }
  await at(page.getByLabel('Level'), '0')
  await at(page.getByLabel(/^Seed/), '3', 'Enter')
  await page.getByText('burning its error budget').waitFor()
  await at(page.getByRole('checkbox', { name: 'bank', exact: true }), 'Space')
  await at(page.getByLabel('How it comes about'), ...'somebody')
  await at(page.getByRole('button', { name: 'Answer', exact: true }), 'Enter')
  await page.getByText('That is it.').waitFor()
  await at(page.getByRole('button', { name: 'Reveal it' }), 'Enter')
  await page.getByRole('heading', { name: new RegExp(anatomy.title) }).waitFor()
})

test('a workshop that went away is told above what was known last', async () => {
  const { url } = await workshop()
  const { page } = await open(url)
  await page.getByRole('button', { name: startOf('anatomy') }).waitFor()
  await page.route('**/api/now', (route) => route.abort())
  await page.getByText('The workshop does not answer.').waitFor()
  await page.getByRole('row', { name: /^now/ }).waitFor()
})
