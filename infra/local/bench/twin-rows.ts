// What k6 and the Node driver measured of the same plan, as lines of the table. Pure.
import type { Report } from '../../../loadtest/report.ts'
import type { Measurement } from '../bench.ts'

export type Run = { planHash: string; report: Report }
export type Pair = { when: string; k6: Run; node: Run }

const goals = { lagMs: 5, ratio: 1.25 }

export const rowsOf = (pair: Pair): Measurement[] => [samePlan(pair), sameTimes(pair)]

function samePlan({ when, k6, node }: Pair): Measurement {
  const isSamePlan = k6.planHash === node.planHash && k6.report.count === node.report.count
  const lags = [k6, node].flatMap(({ report }) => report.startLagP99Ms ?? [])
  const row = {
    what: `k6 and Node driver, ${when}: plan, and start lag p99`,
    goal: `same, < ${goals.lagMs} ms`,
    details: { k6, node },
  }
  const plans = `${isSamePlan ? 'same' : 'DIFFERENT'} (${k6.report.count} and ${node.report.count} checkouts)`
  if (isSamePlan && lags.length < 2) return { ...row, measured: `not judged: ${plans}, but one of them sent nothing` }
  return {
    ...row,
    measured: `${plans}, ${lags.map((ms) => ms.toFixed(1)).join(' and ')} ms`,
    isReached: isSamePlan && lags.every((ms) => ms < goals.lagMs),
  }
}

function sameTimes({ when, k6, node }: Pair): Measurement {
  const row = { what: `k6 and Node driver, ${when}: p50 and p99`, goal: `within × ${goals.ratio}` }
  const [first, second] = [k6.report.latencyMs, node.report.latencyMs]
  if (first === undefined || second === undefined)
    return { ...row, measured: 'not judged: one of them was never answered' }
  const apart = (['p50', 'p99'] as const).map((name) => {
    const [a, b] = [first[name], second[name]]
    return { name, a, b, ratio: Math.max(a, b) / Math.min(a, b) }
  })
  return {
    ...row,
    measured: apart
      .map(({ name, a, b, ratio }) => `${name} ${a.toFixed(0)} and ${b.toFixed(0)} ms (× ${ratio.toFixed(2)})`)
      .join(', '),
    isReached: apart.every(({ ratio }) => ratio <= goals.ratio),
  }
}
