// From milliseconds to places on a logarithmic axis: a slow checkout takes tens of times as long as an ordinary one.

/** Places are shares of the axis, 0–1; `ticks` are the round values on it. */
export type Scale = { at: (ms: number) => number; ticks: number[] }

const roundMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000]

export function logScale(fromMs: number, toMs: number): Scale {
  const [from, to] = [Math.log(fromMs), Math.log(Math.max(toMs, fromMs * 1.1))]
  const at = (ms: number) => Math.min(1, Math.max(0, (Math.log(Math.max(ms, 0.1)) - from) / (to - from)))
  return { at, ticks: roundMs.filter((ms) => ms >= fromMs && ms <= toMs) }
}

/** A share of the axis as a length for CSS and SVG. */
export const percentOf = (share: number): string => `${round(share * 100)}%`

/** The drawings are 1000 wide and 100 high, and stretched to their place. */
export const x = (share: number): number => round(share * 1000)
export const y = (share: number): number => round(100 - share * 100)

const round = (value: number): number => Math.round(value * 10) / 10
