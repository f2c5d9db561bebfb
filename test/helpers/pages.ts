// Sixty checkouts in a viewer, one of which waited for another, and a browser to look at them.
import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { type Look, openBrowser, openPage } from './browser.ts'
import { checkout, idFor } from './checkouts.ts'
import { openViewer, type Viewer } from './viewer.ts'

/** Numbers of checkouts that tests look for: `waiting` waited 640 ms for `blocking`; `declined` failed. */
export const numbers = { waiting: 40, blocking: 39, declined: 12 }

/** Call it once at the top of a test file. Pictures for people to look at go to test-results/. */
export function openPages() {
  let browser: Browser
  let viewer: Viewer

  beforeAll(async () => {
    mkdirSync('test-results', { recursive: true })
    viewer = await openViewer()
    await sendCheckouts(viewer)
    browser = await openBrowser()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await viewer?.close()
  })

  return {
    viewer: () => viewer,
    /** A page of its own, closed with the test. `problems` must be empty when the test is over. */
    async open(path: string, look: Partial<Look> = {}, at: Viewer = viewer) {
      const { page, problems } = await openPage(browser, { width: 1280, scheme: 'light', ...look })
      onTestFinished(() => page.context().close())
      await page.goto(at.url + path)
      return { page, problems }
    },
  }
}

/** The next look of a page opened with `hasClock`, without the wait. */
export const lookAgain = (page: Page): Promise<void> => page.clock.fastForward(1100)

/** How often the page asks for a path while its clock goes on for so long. Call it after it has been told to stop, or to go on. */
export async function askedWithin(page: Page, path: string, ms: number): Promise<number> {
  let asked = 0
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === path) asked += 1
  })
  await page.clock.fastForward(ms)
  // Whatever it asked for before is on its way by the time that this is answered.
  await page.evaluate("fetch('/healthz').then(() => 0)")
  return asked
}

export const rowsIn = (page: Page): Promise<number> => page.locator('a.trace').count()

async function sendCheckouts(viewer: Viewer): Promise<void> {
  const startMs = Date.now() - 60_000
  const waited = { waitMs: 640, blockedBy: idFor(numbers.blocking) }
  for (let n = 1; n <= 60; n++) {
    const options = n === numbers.waiting ? waited : { waitMs: n % 13 === 0 ? 420 : (n % 5) * 3 }
    const made = checkout({ n, ...options, declined: n === numbers.declined })
    await viewer.sendSpans(made.spans, startMs + n * 900)
    await viewer.sendLogs(made.logs, startMs + n * 900)
  }
}
