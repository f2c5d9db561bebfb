// What a script is told from outside: `k6 run -e NAME=value`. No name begins with K6_: those are k6's own options.

/** The shop to visit. */
export const apiUrl = __ENV.API_URL ?? 'http://localhost:8080'
/** Keeps the baseline quiet, ships what a lesson is about, and sums up. Everything works without, but for these three. */
export const workshopUrl = __ENV.WORKSHOP_URL ?? ''
/** The token of a workshop that asks for one. */
export const workshopToken = __ENV.WORKSHOP_TOKEN ?? ''
/** Where a browser finds it: inside the containers it has another name. */
export const workshopPageUrl = __ENV.WORKSHOP_PAGE_URL ?? workshopUrl
/** Which visitors come; the same seed brings the same ones. */
export const seed = numberIn('SEED', 1, (value) => Number.isSafeInteger(value) && value >= 0, 'a whole number from 0')
/** A factor on the rates of a lesson; 1 when absent. */
export const rate = optionalIn('RATE', (value) => value > 0 && value <= 20, 'a number above 0 and up to 20')
/** How long a lesson's profile lasts; as long as the lesson says when absent. */
export const minutes = optionalIn('MINUTES', (value) => value > 0 && value <= 1440, 'a number above 0 and up to 1440')

function numberIn(name: string, absent: number, isFine: (value: number) => boolean, expected: string): number {
  return optionalIn(name, isFine, expected) ?? absent
}

function optionalIn(name: string, isFine: (value: number) => boolean, expected: string): number | undefined {
  const text = __ENV[name] ?? ''
  if (text === '') return undefined
  const value = Number(text)
  if (!isFine(value)) throw new Error(`${name} is "${text}": expected ${expected}`)
  return value
}
