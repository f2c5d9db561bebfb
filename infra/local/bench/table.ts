// Measurements as a table of text, and the machine they were made on.
import { cpus, release, totalmem, type } from 'node:os'
import type { Measurement } from '../bench.ts'

export function machineSentence(): string {
  const cores = cpus()
  const memoryGiB = (totalmem() / 2 ** 30).toFixed(0)
  return `${cores.length} × ${cores[0]?.model.trim() ?? 'unknown CPU'}, ${memoryGiB} GiB, ${type()} ${release()}, Node ${process.version}`
}

export function tableOf(measurements: Measurement[]): string {
  const rows = [
    ['', 'goal', 'measured', ''],
    ...measurements.map(({ what, goal, measured, isReached }) => [
      what,
      goal,
      measured,
      isReached === undefined ? '' : isReached ? 'reached' : 'NOT REACHED',
    ]),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
