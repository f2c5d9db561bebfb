// The log page in a real browser: patterns that choose lines, lines that lead to traces.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sidewaysOverflow } from '../helpers/browser.ts'
import { idFor } from '../helpers/checkouts.ts'
import { lowContrast } from '../helpers/contrast.ts'
import { eventually } from '../helpers/eventually.ts'
import { askedWithin, numbers, openPages } from '../helpers/pages.ts'
import { logLine } from '../helpers/traces.ts'
import { openViewer, startViewer } from '../helpers/viewer.ts'

const { open } = openPages()

/** Of 60 checkouts: three lines each, and two more of the one that waited. */
const all = 182
const linesIn = (page: Page): Promise<number> => page.locator('.line').count()
const patternsIn = (page: Page) => page.getByRole('region', { name: /patterns? in/ })

test('lines come newest first, each with the way to its trace, and their patterns most frequent first', async () => {
  const { page, problems } = await open('/logs')
  await page.locator('.line').first().waitFor()
  expect(await linesIn(page)).toBe(all)
  const times = await page
    .locator('.line time')
    .evaluateAll((found) => found.map((time) => time.getAttribute('datetime')))
  expect(times).toEqual(times.toSorted().reverse())
  expect(await page.locator('.line').first().locator('a.line-trace').getAttribute('href')).toMatch(
    RegExp(`^/trace/${idFor(60)}#span=[0-9a-f]{16}$`),
  )
  const patterns = await patternsIn(page).locator('.log-pattern').allTextContents()
  expect(patterns).toHaveLength(6)
  expect(patterns[0]).toContain('prices read from the database')
  expect(patterns[0]).toMatch(/60 ×\s*100 % in a trace/)
  expect(await page.title()).toBe('Logs · Slow Sometimes')
  expect(problems).toEqual([])
})

test('service, severity and text narrow the lines, and the address remembers them', async () => {
  const { page, problems } = await open('/logs')
  await page.getByLabel('Severity at least').selectOption('warn')
  await eventually('only the declined card is listed', async () => expect(await linesIn(page)).toBe(1))
  await page.getByLabel('Severity at least').selectOption('')
  await page.getByLabel('Service').selectOption('postgres')
  await page.getByLabel('Text').fill('STILL waiting')
  await eventually('only the wait is listed', async () => expect(await linesIn(page)).toBe(1))
  expect(new URL(page.url()).search).toBe('?service=postgres&text=STILL+waiting')
  await page.reload()
  await eventually('it still is after a reload', async () => expect(await linesIn(page)).toBe(1))
  await page.getByLabel('Text').fill('no such thing')
  await page.getByText('No line matches these filters').waitFor()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await eventually('all are listed again', async () => expect(await linesIn(page)).toBe(all))
  expect(problems).toEqual([])
})

test('a click on a pattern shows its lines only, the other patterns stay to choose from', async () => {
  const { page, problems } = await open('/logs')
  await patternsIn(page)
    .getByRole('button', { name: /still waiting for ShareLock/ })
    .click()
  await eventually('its line is listed', async () => expect(await linesIn(page)).toBe(1))
  expect(await patternsIn(page).locator('.log-pattern').count()).toBe(6)
  expect(new URL(page.url()).searchParams.get('pattern')).toBe(
    'process … still waiting for ShareLock on transaction … after … ms',
  )
  await page.reload()
  await eventually('it still is after a reload', async () => expect(await linesIn(page)).toBe(1))
  await page.keyboard.press('x')
  await eventually('all are listed again', async () => expect(await linesIn(page)).toBe(all))
  expect(problems).toEqual([])
})

test('the keyboard alone finds a line, shows what came with it, and opens its trace', async () => {
  const { page, problems } = await open('/logs')
  await page.locator('.line').first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('still waiting')
  await eventually('the wait is found', async () => expect(await linesIn(page)).toBe(1))
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const details = page.locator('.line-details')
  await eventually('its attributes are shown', async () =>
    expect(await details.textContent()).toContain('postgresql.blocked_by.pid4712'),
  )
  expect(await page.locator('.line-head').getAttribute('aria-expanded')).toBe('true')
  await page.keyboard.press('Enter')
  await eventually('they are hidden again', async () => expect(await details.count()).toBe(0))
  await page.keyboard.press('t')
  await page.waitForURL(`**/trace/${idFor(numbers.waiting)}#span=*`)
  expect(problems).toEqual([])
})

test('new lines show up by themselves and leave what is open as it is, unless the page is paused, as it is while one is read', async () => {
  const own = await startViewer()
  const { page } = await open('/logs', { hasClock: true }, own)
  await page.getByText('Nothing logged yet').waitFor()
  const send = (body: string) => own.sendLogs([logLine(Date.now(), body, { attributes: { kept: 'yes' } })])
  await send('the first')
  await page.clock.fastForward(2100)
  await eventually('the first line is listed', async () => expect(await linesIn(page)).toBe(1))
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  // Whoever reads a line must not lose it to newer ones.
  await page.getByRole('button', { name: 'Paused' }).waitFor()
  await send('the second')
  expect(await askedWithin(page, '/api/log-patterns', 2100)).toBe(0)
  expect(await linesIn(page)).toBe(1)
  await page.keyboard.press('p')
  await eventually('the second is above it', async () =>
    expect(await page.locator('.line').first().textContent()).toContain('the second'),
  )
  expect(await page.locator('.line').last().locator('.line-details').textContent()).toContain('keptyes')
  expect(await page.evaluate('document.activeElement.textContent')).toContain('the first')
  await page.keyboard.press('p')
  await page.getByRole('button', { name: 'Paused' }).waitFor()
  await send('the third')
  expect(await askedWithin(page, '/api/log-patterns', 2100)).toBe(0)
  await page.keyboard.press('p')
  await eventually('the third is listed after going on', async () => expect(await linesIn(page)).toBe(3))
})

test('of two lines that are the same in everything one is opened alone', async () => {
  const own = await startViewer()
  const line = logLine(Date.now(), 'twice')
  await own.sendLogs([line, line])
  const { page, problems } = await open('/logs', {}, own)
  await page.locator('.line-head').first().click()
  await page.getByText('Nothing but its text came with this line.').waitFor()
  expect(await page.locator('.line-details').count()).toBe(1)
  expect(problems).toEqual([])
})

test('two hundred of many lines are drawn, a thousand on demand', async () => {
  const own = await startViewer()
  await own.sendLogs(Array.from({ length: 1500 }, (_, n) => logLine(Date.now() - n, `line ${n}`)))
  const { page } = await open('/logs', {}, own)
  await page.getByText('the newest 200 are shown').waitFor()
  await page.getByRole('button', { name: 'Show up to 1,000' }).click()
  await eventually('a thousand are drawn', async () => expect(await linesIn(page)).toBe(1000))
  expect(await page.getByRole('button', { name: 'Show up to 1,000' }).count()).toBe(0)
})

test('a question that is refused and a viewer that went away are told in sentences', async () => {
  const { page } = await open('/logs?minSeverity=loud')
  await page.getByText('minSeverity is "loud"').waitFor()

  const own = await openViewer()
  await own.sendLogs([logLine(Date.now(), 'the only one')])
  const other = await open('/logs', { hasClock: true }, own)
  await other.page.locator('.line').waitFor()
  await own.close()
  await other.page.clock.fastForward(2100)
  await other.page.getByRole('alert').waitFor()
  expect(await other.page.getByRole('alert').textContent()).toContain('The viewer does not answer')
  expect(await linesIn(other.page)).toBe(1)
})

for (const width of [1280, 390]) {
  test(`the log fits into ${width} px and is drawn without complaint, light and dark`, async () => {
    const { page, problems } = await open('/logs', { width })
    await page.locator('.line').first().waitFor()
    await picture(page, `${width}`)
    await patternsIn(page)
      .getByRole('button', { name: /acquired ShareLock/ })
      .click()
    await page.locator('.line-head').first().click()
    await page.locator('.line-details').waitFor()
    await picture(page, `chosen-${width}`)
    expect(problems).toEqual([])
  })
}

async function picture(page: Page, name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    expect(await sidewaysOverflow(page)).toBe(0)
    expect(await lowContrast(page), `${name}, ${scheme}`).toEqual([])
    await page.screenshot({ path: `test-results/viewer-logs-${name}-${scheme}.png` })
  }
}
