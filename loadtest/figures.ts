// Numbers of a report as people read them; text and page say the same.
import type { PartOf } from './knee.ts'
import { closedPart } from './lessons.ts'
import type { Report } from './report.ts'
import type { RunReport } from './run-report.ts'

/** 7.1 ms · 86 ms · 1.24 s · 12.3 s; a dash where nothing was measured. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '–'
  if (ms >= 9995) return `${(ms / 1000).toFixed(1)} s`
  if (ms >= 999.5) return `${(ms / 1000).toFixed(2)} s`
  return `${ms >= 19.95 ? Math.round(ms) : ms.toFixed(1)} ms`
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Thousands set apart. Not with toLocaleString: k6 has no locales. */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',')

/** Failures by code, the most frequent first; a dash where there are none. */
export function failures({ errors }: Pick<Report, 'errors'>): string {
  const sorted = Object.entries(errors).sort(([, a], [, b]) => b - a)
  return sorted.length === 0 ? '–' : sorted.map(([code, times]) => `${times} ${code}`).join(', ')
}

/** `0:42`, minutes and seconds since the first arrival. */
export const sinceStart = (atMs: number, { firstDueAtMs }: Pick<RunReport, 'firstDueAtMs'>): string =>
  minutes((atMs - firstDueAtMs) / 1000)

export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** What k6 and Node were told, and how much of it came: `1,200 of 1,200 checkouts, 20.0/s`. */
export function howMany({ whole, parts, planned, dropped = 0 }: RunReport): string {
  const closed = parts.find(({ name }) => name === closedPart)?.report.count ?? 0
  const also = closed === 0 ? '' : ` and ${count(closed)} by users who wait`
  const gone = dropped === 0 ? '' : `, ${count(dropped)} never sent`
  return `${count(whole.count - closed)} of ${count(planned)} checkouts${also}${gone}`
}

/** Above it the player itself was short of time, and its numbers are about this machine. */
export const mostStartLagMs = 5

/** How many times the p99 of those who come anyway is that of users who wait for their answers; undefined without both. */
export function closedRatio({
  parts,
}: {
  parts: readonly PartOf<'latencyMs'>[]
}): { closed: number; open: number } | undefined {
  const closed = parts.find(({ name }) => name === closedPart)?.report.latencyMs?.p99
  const open = parts.find(({ name }) => name !== closedPart)?.report.latencyMs?.p99
  return closed === undefined || open === undefined ? undefined : { closed, open }
}
