// A region of the list's picture: a stretch of time and a range of durations. Any end of it may be open (undefined).
import { duration, timeOfDay } from './format.js'

const names = { from: 'region.from', to: 'region.to', minMs: 'region.minDurationMs', maxMs: 'region.maxDurationMs' }

/** Undefined when the address names none, or one that cannot be read. */
export function regionInAddress() {
  const given = new URLSearchParams(location.search)
  const ends = Object.entries(names).flatMap(([end, name]) => (given.has(name) ? [[end, Number(given.get(name))]] : []))
  const isReadable = ends.length > 0 && ends.every(([, value]) => Number.isFinite(value) && value >= 0)
  return isReadable ? Object.fromEntries(ends) : undefined
}

/** As parameters of the page's address. */
export const addressOf = (region = {}) =>
  Object.fromEntries(Object.entries(region).map(([end, value]) => [names[end], value]))

export const isInside = ({ startMs, durationMs }, { from = 0, to = Infinity, minMs = 0, maxMs = Infinity }) =>
  startMs >= from && startMs < to && durationMs >= minMs && durationMs <= maxMs

/** from 14:02:10 to 14:04:00, 400 ms to 1.20 s */
export const inWords = ({ from, to, minMs, maxMs }) =>
  [stretch(from, to), range(minMs, maxMs)].filter((part) => part !== '').join(', ')

/** from 14:02:10 to 14:04:00 · since 14:02:10 · until 14:04:00 */
export function stretch(from, to) {
  if (from === undefined) return to === undefined ? '' : `until ${timeOfDay(to)}`
  return to === undefined ? `since ${timeOfDay(from)}` : `from ${timeOfDay(from)} to ${timeOfDay(to)}`
}

function range(minMs, maxMs) {
  if (minMs === undefined) return maxMs === undefined ? '' : `up to ${duration(maxMs)}`
  return maxMs === undefined ? `${duration(minMs)} and more` : `${duration(minMs)} to ${duration(maxMs)}`
}
