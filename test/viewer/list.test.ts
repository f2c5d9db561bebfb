// The list of traces in a real browser.
import { expect, test } from 'vitest'
import { checkout, idFor } from '../helpers/checkouts.ts'
import { eventually } from '../helpers/eventually.ts'
import { askedWithin, lookAgain, numbers, openPages, rowsIn } from '../helpers/pages.ts'
import { openViewer, startViewer } from '../helpers/viewer.ts'

const { open } = openPages()

test('the list is narrowed by errors, duration and service, and the address remembers it', async () => {
  const { page, problems } = await open('/')
  await page.locator('a.trace').first().waitFor()
  await page.getByLabel('Errors only').check()
  await eventually('only the declined checkout is listed', async () => expect(await rowsIn(page)).toBe(1))
  expect(await page.locator('a.trace').textContent()).toContain('3 errors')
  await page.getByLabel('Errors only').uncheck()
  await page.getByLabel('Min ms').fill('500')
  await eventually('only slow checkouts are listed', async () => expect(await rowsIn(page)).toBe(5))
  await page.reload()
  await eventually('they still are after a reload', async () => expect(await rowsIn(page)).toBe(5))
  await page.getByLabel('Min ms').fill('99999')
  await page.getByText('No trace matches these filters').waitFor()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await eventually('all are listed again', async () => expect(await rowsIn(page)).toBe(60))
  await page.getByRole('button', { name: 'Slowest' }).click()
  await eventually('the slowest is first', async () =>
    expect(await page.locator('a.trace').first().getAttribute('href')).toBe(`/trace/${idFor(numbers.waiting)}`),
  )
  expect(problems).toEqual([])
})

test('the keyboard goes to the filters, through the list, into a trace and along its spans', async () => {
  const { page, problems } = await open('/?minDurationMs=700')
  await page.locator('a.trace').first().waitFor()
  await page.keyboard.press('/')
  expect(await page.evaluate('document.activeElement.id')).toBe('filter-route')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await page.getByRole('heading', { name: 'Keyboard' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/trace/${idFor(numbers.waiting)}`)
  await page.locator('.row').first().waitFor()
  for (const key of ['j', 'j', 'ArrowDown', 'k']) await page.keyboard.press(key)
  const panel = page.getByRole('complementary', { name: 'Selected span' })
  await eventually('the second span is shown', async () => expect(await panel.textContent()).toContain('auth.validate'))
  await page.keyboard.press('c')
  await page.keyboard.press('Escape')
  await eventually('the panel is closed', async () => expect(await panel.count()).toBe(0))
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowLeft')
  await eventually('the whole tree is folded', async () => expect(await page.locator('.row').count()).toBe(1))
  expect(problems).toEqual([])
})

test('new traces show up by themselves, unless the list is paused', async () => {
  const own = await startViewer()
  const { page } = await open('/', { hasClock: true }, own)
  await page.getByText('No traces yet').waitFor()
  await page.screenshot({ path: 'test-results/viewer-empty.png' })
  await own.sendSpans(checkout({ n: 1 }).spans, Date.now())
  await lookAgain(page)
  await eventually('the first trace is listed', async () => expect(await rowsIn(page)).toBe(1))
  await page.keyboard.press('p')
  await page.getByRole('button', { name: 'Paused' }).waitFor()
  await own.sendSpans(checkout({ n: 2 }).spans, Date.now())
  expect(await askedWithin(page, '/api/traces', 1100)).toBe(0)
  expect(await rowsIn(page)).toBe(1)
  await page.keyboard.press('p')
  await eventually('the second is listed after going on', async () => expect(await rowsIn(page)).toBe(2))
})

test('a viewer that went away is reported above the last list', async () => {
  const own = await openViewer()
  await own.sendSpans(checkout({ n: 1 }).spans, Date.now())
  const { page } = await open('/', { hasClock: true }, own)
  await page.locator('a.trace').first().waitFor()
  await own.close()
  await lookAgain(page)
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain('The viewer does not answer')
  expect(await rowsIn(page)).toBe(1)
})

test('what the viewer has is saved as a file, opened in another one, and forgotten', async () => {
  const { page, problems } = await open('/')
  await page.getByLabel('Save, open, clear').click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Save as a file').click()])
  expect(download.suggestedFilename()).toMatch(/^slow-sometimes-.*\.jsonl$/)
  const saved = await download.path()

  const fresh = await startViewer()
  const other = await open('/', {}, fresh)
  await other.page.getByText('No traces yet').waitFor()
  await other.page.getByLabel('Save, open, clear').click()
  await other.page.getByLabel('File to open').setInputFiles(saved)
  await eventually('all are listed', async () => expect(await rowsIn(other.page)).toBe(60))
  await other.page.getByText(/\d+ lines of .* read/).waitFor()
  await other.page.screenshot({ path: 'test-results/viewer-keep.png' })

  other.page.on('dialog', (dialog) => dialog.accept())
  await other.page.getByRole('button', { name: 'Clear' }).click()
  await other.page.getByText('No traces yet').waitFor()
  expect([...problems, ...other.problems]).toEqual([])
})
