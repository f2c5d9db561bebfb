// Numbers, times and names as people read them.

/** 0.42 ms · 7.1 ms · 86 ms · 1.24 s */
export function duration(ms) {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  if (ms >= 20) return `${Math.round(ms)} ms`
  return `${ms.toFixed(ms >= 1 ? 1 : 2)} ms`
}

/** A place on the trace's own clock, which starts with its root. */
export const offset = (ms) => (Math.abs(ms) < 0.005 ? '+0 ms' : `${ms < 0 ? '−' : '+'}${duration(Math.abs(ms))}`)

/** 08:12:33.120 in the reader's time zone. */
export function clock(ms) {
  const date = new Date(ms)
  const two = (n) => String(n).padStart(2, '0')
  const millis = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${millis}`
}

/** 08:12:33 in the reader's time zone. */
export const timeOfDay = (ms) => clock(ms).slice(0, 8)

/** As `timeOfDay`, with the day when that is not today. */
export function dayAndTime(ms) {
  const day = new Date(ms).toLocaleDateString('sv')
  return day === new Date().toLocaleDateString('sv') ? timeOfDay(ms) : `${day} ${timeOfDay(ms)}`
}

/** 4.2 % · 17 % · 0 % */
export const percent = (share) => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`

/** A link to this machine, as the visitor calls it: who looks from elsewhere is not on it. */
export function fromHere(url) {
  const at = new URL(url)
  if (at.hostname === 'localhost') at.hostname = location.hostname
  return at.href
}

export const count = (n, noun) => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`

export const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value))

const known = ['api', 'inventory', 'payment', 'pricing', 'postgres', 'bank', 'workshop']

/** The colour of a service, as a CSS value. Services that are not of the shop share three more, by name. */
export function colourOf(service) {
  if (known.includes(service)) return `var(--svc-${service})`
  let sum = 0
  for (const char of service) sum = (sum * 31 + char.charCodeAt(0)) % 9973
  return `var(--svc-other-${sum % 3})`
}
