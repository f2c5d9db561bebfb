// What one visitor does, as data that Node and k6 play alike. Signing in is set-up and not part of a journey.
import { headers } from '../services/kit/telemetry/names.ts'

/** JSON with holes: a string that is just `{name}` becomes that value, whatever its type. */
export type Template = string | number | { readonly [key: string]: Template } | readonly Template[]

/** One request. `keep` lists fields of its answer that later steps may use as `{field}`. */
export type Step = {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Template
  readonly keep?: readonly string[]
}

/**
 * Steps in order. **The last one counts**: it is sent at the arrival's time and its latency is the arrival's latency.
 * Those before it are preparation, sent ahead of time so that they do not delay the one that counts.
 */
export type Journey = readonly Step[]

/** What a template may use: `cart` and `key` from the arrival, and whatever earlier steps kept. */
export type Values = Readonly<Record<string, unknown>>

const fillCart: Step = {
  name: 'cart',
  method: 'POST',
  path: '/api/carts',
  body: '{cart}',
  keep: ['cartId'],
}

export const journeys = {
  checkout: [
    fillCart,
    {
      name: 'checkout',
      method: 'POST',
      path: '/api/checkout',
      headers: { [headers.idempotencyKey]: '{key}' },
      body: { cartId: '{cartId}' },
    },
  ],
  quote: [fillCart, { name: 'quote', method: 'GET', path: '/api/checkout?cart={cartId}' }],
  browse: [{ name: 'products', method: 'GET', path: '/api/products' }],
} as const satisfies Record<string, Journey>

export type JourneyName = keyof typeof journeys

/** The journey as preparation and the step that counts. */
export function stepsOf(name: JourneyName): { preparation: Journey; counted: Step } {
  const steps: Journey = journeys[name]
  const counted = steps[steps.length - 1]
  if (!counted) throw new RangeError(`Journey ${name} has no steps`)
  return { preparation: steps.slice(0, -1), counted }
}

/** Fills a template's holes. An unknown name is an error in the journey, so it throws. */
export function fill(template: Template, values: Values): unknown {
  if (typeof template === 'number') return template
  if (typeof template === 'string') return fillText(template, values)
  if (Array.isArray(template)) return template.map((item) => fill(item, values))
  return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, fill(item, values)]))
}

/** As `fill`, for paths and headers, which are text whatever the value is. */
export function fillToText(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(valueFor(name, values)))
}

function fillText(template: string, values: Values): unknown {
  const whole = /^\{(\w+)\}$/.exec(template)?.[1]
  return whole ? valueFor(whole, values) : fillToText(template, values)
}

function valueFor(name: string, values: Values): unknown {
  if (values[name] === undefined) throw new RangeError(`A step uses {${name}}, which nothing before it provides`)
  return values[name]
}
