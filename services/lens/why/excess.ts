// Where a slow checkout spent what fast ones do not spend: its critical path by operation, less what is usual there.
import type { Segment } from '../critical-path.ts'
import { checkoutPath, operationLabel } from '../evidence/contributors.ts'
import { quantile } from '../statistics.ts'
import type { Span, Trace } from '../trace.ts'

/** What one operation has of a checkout's critical path, in ms, beside what it has in the median of fast ones. */
export type Excess = {
  service: string
  name: string
  part: Segment['part']
  /** Those that the time belongs to, in the order of the path. */
  spans: Span[]
  ms: number
  usualMs: number
  excessMs: number
}

/** Ms by operation, in the median of fast checkouts; what most of them lack is not there. */
export type Usual = ReadonlyMap<string, number>

/** More of them make the median no better, only slower to compute. */
const enoughFast = 200

export function usualOf(fast: readonly Trace[]): Usual {
  const some = fast.slice(0, enoughFast)
  const seen = new Map<string, number[]>()
  for (const trace of some) {
    for (const [key, { ms }] of operationsOf(trace)) {
      const before = seen.get(key)
      if (before === undefined) seen.set(key, [ms])
      else before.push(ms)
    }
  }
  const medians = [...seen].map(([key, ms]): [string, number] => {
    const absent = new Array<number>(some.length - ms.length).fill(0)
    return [key, quantile([...absent, ...ms], 0.5)]
  })
  return new Map(medians.filter(([, ms]) => ms > 0))
}

/** The operations of a slow checkout, those with the most excess first. */
export function excessOf(trace: Trace, usual: Usual): Excess[] {
  return [...operationsOf(trace)]
    .map(([key, operation]) => {
      const usualMs = usual.get(key) ?? 0
      return { ...operation, usualMs, excessMs: operation.ms - usualMs }
    })
    .sort((a, b) => b.excessMs - a.excessMs)
}

/** Ms in the mean of slow checkouts beyond what is usual in fast ones; `share` (0–1) of all that is beyond. */
export type Place = { operation: string; excessMs: number; share: number }

/** Over all slow checkouts. */
export function placesIn(cases: readonly { excesses: readonly Excess[] }[]): Place[] {
  const sums = new Map<string, number>()
  for (const { excesses } of cases) {
    for (const excess of excesses) {
      const operation = operationLabel(excess)
      sums.set(operation, (sums.get(operation) ?? 0) + excess.excessMs)
    }
  }
  const beyond = [...sums].filter(([, ms]) => ms > 0)
  const totalMs = beyond.reduce((sum, [, ms]) => sum + ms, 0)
  return beyond
    .map(([operation, ms]) => ({ operation, excessMs: ms / cases.length, share: ms / totalMs }))
    .sort((a, b) => b.excessMs - a.excessMs)
}

type Operation = Pick<Excess, 'service' | 'name' | 'part' | 'spans' | 'ms'>

function operationsOf(trace: Trace): Map<string, Operation> {
  const spans = new Map(trace.spans.map((span) => [span.spanId, span]))
  const operations = new Map<string, Operation>()
  for (const { spanId, part, fromMs, toMs } of checkoutPath(trace)) {
    const span = spans.get(spanId)
    if (span === undefined) continue
    const { service, name } = span
    const key = JSON.stringify([service, name, part])
    const operation = operations.get(key) ?? { service, name, part, spans: [], ms: 0 }
    if (operation.spans.at(-1) !== span) operation.spans.push(span)
    operation.ms += toMs - fromMs
    operations.set(key, operation)
  }
  return operations
}
