// How quick a checkout is when nothing is wrong, at 20 a second.
import { summarise } from '../../../loadtest/report.ts'
import { slo } from '../../../services/kit/slo.ts'
import type { Bench } from '../bench.ts'
import { inBenchLab, playProof } from './bench-lab.ts'

const goalMs = 120
const goalShare = 0.005

export const calmLatency: Bench['run'] = ({ say, signal }) =>
  inBenchLab(signal, async (lab) => {
    await playProof(lab, 1, 10)
    say('warm, measuring 30 s')
    const report = summarise(await playProof(lab, 2, 30))
    const { p50 = Number.NaN, p95 = Number.NaN, p99 = Number.NaN } = report.latencyMs ?? {}
    return [
      {
        what: 'calm checkout at 20/s: median',
        goal: `≤ ${goalMs} ms`,
        measured: `${p50.toFixed(0)} ms (p95 ${p95.toFixed(0)}, p99 ${p99.toFixed(0)})`,
        isReached: p50 <= goalMs,
      },
      {
        what: `calm checkouts over ${slo.thresholdMs} ms`,
        goal: `≤ ${goalShare * 100} %`,
        measured: `${(report.slowShare * 100).toFixed(2)} % of ${report.count}`,
        isReached: report.slowShare <= goalShare,
      },
    ]
  })
