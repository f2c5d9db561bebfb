// What a refused checkout leaves behind: a span that says why, a place in the histogram, one line about many, and nothing else.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { metrics } from '../../services/kit/telemetry/names.ts'
import { checkoutSpan } from '../../services/lens/trace.ts'
import { eventually } from '../helpers/eventually.ts'
import { startTestLab, type TestLab, traceIdOf } from '../helpers/lab.ts'
import { cartOf } from '../helpers/shop.ts'

let lab: TestLab

beforeAll(async () => {
  lab = await startTestLab({ env: { api: { CHECKOUTS_UNDER_WAY_MAX: '1' } } })
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test('refused checkouts are spans that failed with 503 and asked nobody, counted, and told in one line', async () => {
  const fromMs = Date.now()
  const carts = await Promise.all(Array.from({ length: 12 }, () => lab.client.addCart(cartOf('enamel-mug'))))
  const answers = await Promise.all(carts.map((cart) => lab.client.placeOrder(cart)))
  const refused = answers.filter(({ status }) => status === 503)
  expect(refused.length).toBeGreaterThanOrEqual(6)
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(12 - refused.length)

  for (const answer of refused.slice(0, 3)) {
    const trace = await eventually(
      'its trace is there',
      async () => {
        const found = await lab.source.trace(traceIdOf(answer))
        if (found === undefined) throw new Error('not yet')
        return found
      },
      { withinMs: 10_000 },
    )
    expect(trace.spans).toHaveLength(1)
    expect(checkoutSpan(trace)).toMatchObject({
      status: 'error',
      attributes: { 'http.response.status_code': 503, 'http.route': '/api/checkout', 'error.type': 'overloaded' },
    })
  }
  const window = () => ({ fromMs, toMs: Date.now() + 1_000 })
  await eventually(
    'they are counted',
    async () => {
      const labels = { 'shop.outcome': 'overloaded' }
      const series = await lab.source.series(metrics.checkoutDuration, labels, window())
      const points = series.flatMap((each) => each.points)
      expect(points.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(refused.length)
    },
    { withinMs: 10_000 },
  )
  await eventually(
    'they are told of',
    async () => {
      const lines = await lab.source.logs({ service: 'api', window: window() })
      const about = lines.filter(({ attributes }) => attributes['error.type'] === 'overloaded')
      expect(about.length).toBeGreaterThan(0)
      expect(about.length).toBeLessThan(refused.length)
      expect(about[0]).toMatchObject({
        severity: 'warn',
        body: expect.stringMatching(/^refused \d+ checkouts lately: /),
      })
    },
    { withinMs: 10_000 },
  )
})
