// Where two traces differ: by operation on their critical paths, and in what is written on their roots.
import { criticalPath, type OperationShare, shareByOperation } from '../../services/lens/critical-path.ts'
import { rootOf, type Trace } from '../../services/lens/trace.ts'

export type TraceComparison = { operations: OperationDifference[]; attributes: AttributeDifference[] }

/** Milliseconds of the critical path; an operation that a trace does not have on its path has 0 there. */
export type OperationDifference = Pick<OperationShare, 'service' | 'name' | 'part'> & {
  slowMs: number
  fastMs: number
  differenceMs: number
}

/** Values as text; absent where the root does not have the attribute. */
export type AttributeDifference = { key: string; slow?: string; fast?: string }

/** The operations add up to the roots' durations, their differences to what one took longer than the other. */
export function compareTraces(slow: Trace, fast: Trace): TraceComparison {
  return { operations: operationsOf(slow, fast), attributes: attributesOf(slow, fast) }
}

/** Largest difference first, whichever of the two took longer. */
function operationsOf(slow: Trace, fast: Trace): OperationDifference[] {
  const byKey = new Map<string, OperationDifference>()
  for (const [trace, side] of [[slow, 'slowMs'] as const, [fast, 'fastMs'] as const]) {
    for (const { service, name, part, ms } of shareByOperation(criticalPath(trace), trace)) {
      const key = JSON.stringify([service, name, part])
      const soFar = byKey.get(key) ?? { service, name, part, slowMs: 0, fastMs: 0, differenceMs: 0 }
      const next = { ...soFar, [side]: ms }
      byKey.set(key, { ...next, differenceMs: next.slowMs - next.fastMs })
    }
  }
  return [...byKey.values()].sort((a, b) => Math.abs(b.differenceMs) - Math.abs(a.differenceMs))
}

/** The shop's own words first: they say more about a request than ports and versions do. */
function attributesOf(slow: Trace, fast: Trace): AttributeDifference[] {
  const [of, other] = [slow, fast].map((trace) => rootOf(trace)?.attributes ?? {})
  const keys = [...new Set([...Object.keys(of ?? {}), ...Object.keys(other ?? {})])].sort()
  const differing = keys.flatMap((key) => {
    const [a, b] = [textOf(of?.[key]), textOf(other?.[key])]
    if (a === b) return []
    return [{ key, ...(a === undefined ? {} : { slow: a }), ...(b === undefined ? {} : { fast: b }) }]
  })
  return [...differing.filter(isOfShop), ...differing.filter((one) => !isOfShop(one))]
}

const isOfShop = ({ key }: AttributeDifference): boolean => key.startsWith('shop.')

const textOf = (value: unknown): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value)
