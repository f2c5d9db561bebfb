// A headless Chromium from npm (nothing has to be installed), and pages that remember what went wrong in them.
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'

export type Look = {
  width: number
  scheme: 'light' | 'dark'
  /** Whether the test moves the page's clock. */
  hasClock?: boolean
}

/** The package is made for AWS Lambda; single-process mode is needed only there and dies with its first page elsewhere. */
export async function openBrowser(): Promise<Browser> {
  // No WebGL here: without its software renderer everything else is drawn faster.
  chromium.setGraphicsMode = false
  const args = chromium.args.filter((arg) => arg !== '--single-process' && arg !== '--disable-web-security')
  return playwright.launch({ executablePath: await chromium.executablePath(), args, headless: true })
}

/** A page of its own. `problems` collects console errors, exceptions, failed requests, and requests to other hosts. */
export async function openPage(
  browser: Browser,
  { width, scheme, hasClock = false }: Look,
): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, locale: 'en-GB' })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  if (hasClock) await page.clock.install()
  const problems: string[] = []
  let host: string | undefined
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`exception: ${error.stack}`))
  page.on('requestfailed', (request) => {
    // A page that is left gives up its refresh.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()}`)
  })
  page.on('request', (request) => {
    const asked = new URL(request.url())
    if (asked.protocol === 'data:') return
    host ??= asked.host
    if (asked.host !== host) problems.push(`elsewhere: ${request.url()}`)
  })
  return { page, problems }
}

/** How far the page can be scrolled sideways, in CSS pixels; 0 is what it should be. */
export const sidewaysOverflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
