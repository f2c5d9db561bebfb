// What a run shows beyond its table, as sentences: notes, the knee, closed against open, and why checkouts were sent late.
import { closedRatio, count, duration, mostStartLagMs } from './figures.ts'
import { type Climb, kneeOf, type PartOf } from './knee.ts'
import type { RunReport } from './run-report.ts'

/** As much of a report as sentences are made of: k6 by itself knows no more. */
export type Found = Pick<RunReport, 'notes' | 'player'> &
  Climb & {
    whole: Pick<RunReport['whole'], 'startLagP99Ms' | 'unprepared'>
    parts: readonly PartOf<'goodShare' | 'latencyMs'>[]
  }

export function findingsOf(report: Found): string[] {
  return [...report.notes, ...knee(report), ...closedAgainstOpen(report), ...lateStart(report), ...lateCarts(report)]
}

function knee(report: Found): string[] {
  const found = kneeOf(report)
  if (found === undefined) return []
  const { heldAt, brokenAt, isCutOff } = found
  if (isCutOff)
    return [
      heldAt === undefined
        ? 'The first step was not played to its end: this run does not say where the knee is.'
        : `The objective holds up to ${heldAt}/s; the step after that was not played to its end.`,
    ]
  if (heldAt === undefined) return [`The knee is below ${brokenAt}/s: the first step breaks the objective already.`]
  if (brokenAt === undefined) return [`The objective holds up to ${heldAt}/s; no step of this run breaks it.`]
  return [`The knee is at ${heldAt}/s: the objective holds there, and not at ${brokenAt}/s.`]
}

function closedAgainstOpen(report: Found): string[] {
  const found = closedRatio(report)
  if (found === undefined) return []
  const { closed, open } = found
  return [
    `p99 is ${duration(closed)} for users who wait for their answers (closed) and ${duration(open)} for those who come anyway (open): ${(open / closed).toFixed(1)}×.`,
  ]
}

function lateStart({ whole: { startLagP99Ms = 0 }, player }: Found): string[] {
  if (startLagP99Ms <= mostStartLagMs) return []
  const who = player === 'k6' ? 'k6' : 'The driver'
  return [
    `${who} was late itself: start lag p99 ${duration(startLagP99Ms)}, above ${mostStartLagMs} ms. This machine is short of time.`,
  ]
}

function lateCarts({ whole: { unprepared = 0 } }: Found): string[] {
  if (unprepared === 0) return []
  const carts = unprepared === 1 ? 'One cart was' : `${count(unprepared)} carts were`
  return [`${carts} not ready in time: the shop was slow with ${unprepared === 1 ? 'it' : 'them'}.`]
}
