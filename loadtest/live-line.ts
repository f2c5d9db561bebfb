// One line that says how the shop is doing: rewritten each second in a terminal, printed every ten seconds elsewhere.
import type { Outcome } from './outcome.ts'
import { type Report, summarise } from './report.ts'

const windowMs = 10_000

export interface LiveLine extends Disposable {
  add(outcome: Outcome): void
  /** Prints a line of its own, which stays. */
  say(text: string): void
}

type Terminal = { isTTY?: boolean; write(text: string): unknown }

/** Shows the last ten seconds; silent while nothing arrives. `about` goes in front. */
export function openLiveLine(terminal: Terminal, about: () => string = () => ''): LiveLine {
  let recent: Outcome[] = []
  const clear = terminal.isTTY ? '\r\u001b[K' : ''

  const show = () => {
    const since = Date.now() - windowMs
    recent = recent.filter((outcome) => outcome.dueEpochMs + outcome.latencyMs >= since)
    if (recent.length === 0) return
    terminal.write(`${clear}${about()}${lineOf(summarise(recent))}${terminal.isTTY ? '' : '\n'}`)
  }
  const timer = setInterval(show, terminal.isTTY ? 1000 : windowMs)

  return {
    add: (outcome) => recent.push(outcome),
    say: (text) => terminal.write(`${clear}${text}\n`),
    [Symbol.dispose]() {
      clearInterval(timer)
      show()
      if (terminal.isTTY) terminal.write('\n')
    },
  }
}

/** A report in one line: `checkouts 10.0/s · p50 84 ms · p99 210 ms · slow 0.0 % · errors 0`. */
export function lineOf(report: Report): string {
  const { latencyMs, errors } = report
  const ms = (value: number | undefined) => (value === undefined ? '–' : `${Math.round(value)} ms`)
  const failures = Object.entries(errors).map(([code, count]) => `${count} ${code}`)
  return [
    `checkouts ${report.ratePerSecond.toFixed(1)}/s`,
    `p50 ${ms(latencyMs?.p50)}`,
    `p99 ${ms(latencyMs?.p99)}`,
    `slow ${(report.slowShare * 100).toFixed(1)} %`,
    failures.length === 0 ? 'errors 0' : `errors ${failures.join(', ')}`,
  ].join(' · ')
}
