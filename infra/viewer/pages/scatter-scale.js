// Where a trace is in the picture of the list, and what a place in the picture means. Fractions are 0–1 of its width and height.

/** Dots keep off the edges by so much. */
const side = 0.01
const top = 0.08
const bottom = 0.92

/** Time to the right, duration upwards and logarithmic, because a slow request takes tens of times as long as a normal one. */
export function scaleOf(traces, sloMs) {
  const starts = traces.map(({ startMs }) => startMs)
  const took = traces.map(({ durationMs }) => durationMs)
  const from = Math.min(...starts)
  const to = Math.max(...starts, from + 1)
  const longest = Math.max(sloMs * 2, ...took)
  const shortest = Math.max(0.5, Math.min(sloMs / 10, ...took))
  const height = (ms) => Math.log(Math.max(ms, shortest) / shortest) / Math.log(longest / shortest)
  return {
    from,
    to,
    x: (ms) => side + ((ms - from) / (to - from)) * (1 - 2 * side),
    y: (ms) => bottom - height(ms) * (bottom - top),
    timeAt: (x) => from + ((x - side) / (1 - 2 * side)) * (to - from),
    durationAt: (y) => (y >= bottom ? 0 : shortest * (longest / shortest) ** ((bottom - y) / (bottom - top))),
  }
}

/** The region under a box of fractions, and the box that shows a region. */
export const regionUnder = (scale, { left, right, top, bottom }) => ({
  from: Math.floor(scale.timeAt(left)),
  to: Math.ceil(scale.timeAt(right)) + 1,
  minMs: Number(scale.durationAt(bottom).toFixed(1)),
  maxMs: Number(scale.durationAt(top).toFixed(1)),
})

export function boxOf(scale, { from, to, minMs, maxMs }) {
  const at = (value, place, open) => Math.min(1, Math.max(0, value === undefined ? open : place(value)))
  return {
    left: at(from, scale.x, 0),
    right: at(to, scale.x, 1),
    top: at(maxMs, scale.y, 0),
    bottom: minMs === 0 ? 1 : at(minMs, scale.y, 1),
  }
}
