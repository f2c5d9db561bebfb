// How the map's numbers are written, in the picture and in the table alike, and where they lead.
import { percent } from './format.js'

export function rateOf({ ratePerSecond }) {
  if (ratePerSecond >= 10) return `${Math.round(ratePerSecond).toLocaleString('en')}/s`
  if (ratePerSecond >= 0.1) return `${ratePerSecond.toFixed(1)}/s`
  return `${(ratePerSecond * 60).toFixed(ratePerSecond * 60 < 1 ? 1 : 0)}/min`
}

/** Empty for none. */
export const errorsOf = ({ errorShare }) => (errorShare === 0 ? '' : `${percent(errorShare)} failed`)

/** The list of traces with the service that was called; with its caller when it sends no traces of its own. */
export function listOf({ caller, callee }, { nodes, fromMs, toMs }) {
  const isSilent = nodes.some(({ name, isSilent }) => name === callee && isSilent)
  const service = isSilent ? caller : callee
  return `/?${new URLSearchParams({ service, sort: 'slowest', from: Math.floor(fromMs), to: Math.ceil(toMs) })}`
}
