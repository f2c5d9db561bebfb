// Whatever the other end of OTLP does, customers get the same answers and no order is lost.
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../helpers/eventually.ts'
import { startTestLab, type TestLab } from '../helpers/lab.ts'
import { startGarbageServer, startRefusingServer, startSilentServer } from '../helpers/misbehaving.ts'
import { cartOf } from '../helpers/shop.ts'

/** Services in a row, each with an endpoint of its own kind; every service meets every kind. */
const services = ['api', 'inventory', 'payment-1', 'payment-2', 'pricing']
const kinds = [
  ['absent', async () => undefined],
  ['refusing', startRefusingServer],
  ['hanging', startSilentServer],
  ['garbage', startGarbageServer],
] as const

test.for(kinds.map((_, shift) => shift))(
  'answers and orders are the same with misbehaving endpoints, turn %i',
  async (shift) => {
    const env: Record<string, Record<string, string>> = {}
    for (const [n, service] of services.entries()) {
      const url = await (kinds[(n + shift) % kinds.length] as (typeof kinds)[number])[1]()
      // Without the variable the SDK tries its default, localhost:4318.
      env[service] = url === undefined ? { OTEL_EXPORTER_OTLP_ENDPOINT: '' } : { OTEL_EXPORTER_OTLP_ENDPOINT: url }
    }
    const lab = await startTestLab({ env, without: ['workshop', 'observer', 'viewer'] })
    // Not drained: stopping would wait for telemetry that nobody takes.
    onTestFinished(() => lab.discard())

    const answers = await buy(lab, 60)

    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]))
    expect(answers.every((answer) => answer.traceResponse?.startsWith('00-'))).toBe(true)
    await eventually('the books agree', async () => {
      expect(await lab.audit()).toMatchObject({ placed: 60, violations: [] })
    })
    const { body } = await lab.client.checkout(cartOf('limited-mug'))
    expect(body.code).toBe('out_of_stock')
  },
)

async function buy(lab: TestLab, count: number) {
  const one = async () => {
    const { status, headers } = await lab.client.checkout(cartOf('enamel-mug', 'felt-lamp'))
    return { status, traceResponse: headers.get('traceresponse') }
  }
  const answers = []
  for (let n = 0; n < count / 5; n++) answers.push(...(await Promise.all([one(), one(), one(), one(), one()])))
  return answers
}
