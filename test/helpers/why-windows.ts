// Hand-made windows for the "why slow" report: a hundred and more fast checkouts, and some that are slow in one way or another.
import { attributes, spans } from '../../services/kit/telemetry/names.ts'
import type { LogLine, Series } from '../../services/lens/source.ts'
import type { Trace } from '../../services/lens/trace.ts'
import type { Looked } from '../../services/lens/why/who.ts'
import { client, server, type span, trace, traceIdOf } from './traces.ts'

type Sketch = ReturnType<typeof span>
/** What is below api's checkout of the n-th one: how long it takes in all, and its calls. */
export type Maker = (n: number) => { ms: number; calls: Sketch[] }

export const windowMs = 30_000
export const fastCount = 120
export const slowCount = 12
export const inventoryCall = (fromMs: number, toMs: number, children: Sketch[]) =>
  client('api', 'POST', fromMs, toMs, [server('inventory', 'POST /reservations', fromMs + 1, toMs - 1, children)])
export const paymentCall = (toMs: number, children: Sketch[], instance = 'payment-1') =>
  client('api', 'POST', 5, toMs, [server('payment', 'POST /authorisations', 6, toMs - 1, children, { instance })])
export const toBank = (fromMs: number, toMs: number, more: object = {}, status: 'unset' | 'error' = 'unset') =>
  client('payment', 'POST', fromMs, toMs, [], { status, attributes: { [attributes.peerService]: 'bank', ...more } })
export const toPricing = (
  fromMs: number,
  toMs: number,
  servedFromMs = fromMs + 1,
  status: 'unset' | 'error' = 'unset',
) => client('inventory', 'POST', fromMs, toMs, [server('pricing', 'POST /quotes', servedFromMs, toMs - 1)], { status })

export const instanceOf = (n: number) => (n % 2 === 0 ? 'payment-1' : 'payment-2')
export const portOf = (n: number) => ({ [attributes.localPort]: 40_000 + (n % 5) })
export const asUsual: Maker = (n) => ({ ms: 80, calls: [paymentCall(40, [toBank(10, 35, portOf(n))], instanceOf(n))] })
export const askingPricing: Maker = () => ({ ms: 60, calls: [inventoryCall(5, 50, [toPricing(10, 20)])] })

const built = (make: Maker, n: number, atMs: number, logs: (traceId: string) => LogLine[]) => {
  const { ms, calls } = make(n)
  const made = trace(server('api', spans.checkout, 0, ms, calls), traceIdOf(n + 1))
  const shifted = {
    ...made,
    spans: made.spans.map((one) => ({ ...one, startMs: one.startMs + atMs, endMs: one.endMs + atMs })),
  }
  const sample = { traceId: made.traceId, latencyMs: ms, status: 201, startMs: atMs, cohort: {} }
  return { trace: shifted as Trace, sample, lines: logs(made.traceId) }
}

export type Also = {
  fast?: Maker
  logs?: (traceId: string) => LogLine[]
  series?: Series[]
  counted?: Looked['counted']
  untilMs?: number
  slow?: number
}

/** Fast and slow ones, evenly spread; the slow ones until `untilMs`. */
export function windowWith(
  slow: Maker,
  { fast = asUsual, logs = () => [], series = [], counted, untilMs = windowMs, slow: count = slowCount }: Also = {},
): Looked {
  const all = [
    ...Array.from({ length: fastCount }, (_, n) => built(fast, n, (n * windowMs) / fastCount, () => [])),
    ...Array.from({ length: count }, (_, n) => built(slow, 1_000 + n, (n * untilMs) / count, logs)),
  ]
  return {
    window: { fromMs: 0, toMs: windowMs },
    samples: all.map(({ sample }) => sample),
    traces: new Map(all.map((one) => [one.trace.traceId, one.trace])),
    logs: all.flatMap(({ lines }) => lines),
    series,
    ...(counted && { counted }),
  }
}

export const slowBank: Maker = (n) => ({
  ms: 940,
  calls: [paymentCall(930, [toBank(10, 920, portOf(n))], instanceOf(n))],
})
