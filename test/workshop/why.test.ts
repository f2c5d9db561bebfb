// "Why slow?" as people ask it: over HTTP, as a page, and in the terminal.
import { expect, test } from 'vitest'
import { telemetryOf } from '../helpers/telemetry.ts'
import { traceIdOf } from '../helpers/traces.ts'
import { slowBank, windowWith } from '../helpers/why-windows.ts'
import { startWorkshop } from '../helpers/workshop.ts'

const window = 'from=1970-01-01T00:00:00Z&to=1970-01-01T00:00:30Z'
const slowOne = traceIdOf(1_001)

test('the report is there as JSON, about the time that was asked for', async () => {
  const { call } = await startWorkshop({ telemetry: telemetryOf(windowWith(slowBank)) })
  const { status, body } = await call('GET', `/api/why?${window}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    conclusion: 'explained',
    window: { fromMs: 0, toMs: 30_000 },
    who: { total: 132, slow: 12 },
    hypotheses: [{ component: 'bank', mechanism: 'slow-answer', share: 1 }],
  })
})

test('the minutes around a checkout are asked for by its trace id', async () => {
  const { call } = await startWorkshop({ telemetry: telemetryOf(windowWith(slowBank)) })
  const { body } = await call('GET', `/api/why?trace=${slowOne}`)
  expect(body.window).toEqual({ fromMs: -60_000, toMs: 60_000 })
})

test('the page has the answer, what speaks for it and links to traces, and nothing that runs', async () => {
  const { url } = await startWorkshop({ telemetry: telemetryOf(windowWith(slowBank)) })
  const response = await fetch(`${url}/why?${window}`)
  const page = await response.text()
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(page).toContain('<h1>Possible: bank: somebody outside the shop who takes long to answer.</h1>')
  expect(page).toContain('12 of 12 slow checkouts spend most of what is too much in payment POST')
  expect(page).toMatch(/<a href="http:\/\/viewer\/trace\/[0-9a-f]{32}">/)
  expect(page).not.toContain('<script')
})

test('without a checkout it says so', async () => {
  const { url } = await startWorkshop()
  expect(await (await fetch(`${url}/why?${window}`)).text()).toContain('<h1>There was no checkout in this time.</h1>')
})

test.each([
  ['last=abc', /query\.last is .*: expected a number of minutes/],
  ['last=90', /query\.last is .*: expected at most 60 minutes/],
  ['from=yesterday', /query\.from is "yesterday": expected a time such as/],
  ['trace=12', /query\.trace is "12": expected 32 hexadecimal digits/],
  ['to=2026-01-01T00:00:00Z', /"to" needs a "from"/],
  ['from=2026-01-01T00:01:00Z&to=2026-01-01T00:00:00Z', /"to" is not after "from"/],
  ['from=2026-01-01T00:00:00Z&to=2026-01-01T02:00:00Z', /Expected at most 60 minutes/],
  ['last=2&from=2026-01-01T00:00:00Z', /Expected "last", or "from" and "to", not both/],
  [`trace=${'a'.repeat(32)}`, /There is no trace a+: it was evicted, or never was/],
])('%s is refused with a sentence', async (query, says) => {
  const { call } = await startWorkshop({ telemetry: telemetryOf(windowWith(slowBank)) })
  expect(await call('GET', `/api/why?${query}`)).toMatchObject({
    status: 400,
    body: { message: expect.stringMatching(says) },
  })
})
