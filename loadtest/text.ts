// The report of a run as text, for a terminal. Pure.
import { limitsMet, overallOf, rowsOf, whoOf } from './breakdown.ts'
import { count, duration, failures, howMany, percent, sinceStart } from './figures.ts'
import { findingsOf } from './findings.ts'
import type { Report } from './report.ts'
import type { RunReport } from './run-report.ts'

/** Where a browser finds a trace; `atMs` is about when it began. */
export type TraceUrl = (traceId: string, atMs: number) => string

/** Lines joined by newlines. */
export function textOf(report: RunReport, traceUrl: TraceUrl): string {
  return [
    `${report.lesson}: ${report.question}`,
    factsLine(report),
    '',
    ...table(report),
    ...titled('', findingsOf(report)),
    '',
    ...limitsMet(report).map(({ says, isHeld }) => `${isHeld ? '✓' : '✗'} ${says}`),
    ...titled('The slowest', slowestLines(report, traceUrl)),
    '',
    overallOf(report),
  ].join('\n')
}

export function factsLine(report: RunReport): string {
  const { player, seed, planHash, run, startedAtMs, whole } = report
  const began = new Date(startedAtMs).toISOString().slice(0, 19).replace('T', ' ')
  return [
    `${howMany(report)}, ${whole.ratePerSecond.toFixed(1)}/s`,
    `${player}, seed ${seed}, plan ${planHash}`,
    `run ${run}, ${began} UTC`,
  ].join(' · ')
}

const columns: [string, (report: Report) => string][] = [
  ['checkouts', (report) => count(report.count)],
  ['p50', ({ latencyMs }) => duration(latencyMs?.p50)],
  ['p95', ({ latencyMs }) => duration(latencyMs?.p95)],
  ['p99', ({ latencyMs }) => duration(latencyMs?.p99)],
  ['max', ({ latencyMs }) => duration(latencyMs?.max)],
  ['slow', ({ slowShare }) => percent(slowShare)],
  ['good', ({ goodShare }) => percent(goodShare)],
]

function table(report: RunReport): string[] {
  const rows = rowsOf(report)
  const width = Math.max(...rows.map(({ name }) => name.length))
  const line = (name: string, cells: string[], rest: string) =>
    `${name.padEnd(width)}  ${cells.map((cell) => cell.padStart(9)).join('')}   ${rest}`.trimEnd()
  const titles = columns.map(([title]) => title)
  return [
    line('', titles, 'errors'),
    ...rows.flatMap(({ name, report, isFirst }) => [
      ...(isFirst ? [''] : []),
      line(
        name,
        columns.map(([, figureOf]) => figureOf(report)),
        failures(report),
      ),
    ]),
  ]
}

function slowestLines(report: RunReport, traceUrl: TraceUrl): string[] {
  const width = Math.max(...report.slowest.map((one) => whoOf(one).length))
  return report.slowest.map((one) => {
    const { traceId, latencyMs, dueEpochMs } = one
    const when = sinceStart(dueEpochMs, report).padStart(5)
    return `${duration(latencyMs).padStart(8)}  at ${when}  ${whoOf(one).padEnd(width)}  ${traceUrl(traceId, dueEpochMs)}`
  })
}

const titled = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : ['', ...(title === '' ? [] : [title]), ...lines]
