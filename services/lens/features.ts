// What can be said about a whole trace, as sets of values by key: the attributes of all its spans, and a few derived facts.
import { attributes as names } from '../kit/telemetry/names.ts'
import { type Attributes, type AttributeValue, checkoutSpan, rootOf, type Span, type Trace } from './trace.ts'

/**
 * Values by key. Keys are `service:span name:attribute` for every span, the bare attribute for the root (the checkout where
 * there is one), and derived ones: `service:instance`, `service:span name:count`, `…:error`, `…:event`.
 */
export type Features = Map<string, Set<string | number>>

/** Everything that can be said about a trace, except ids of the trace itself and times, which say who and when but not why. */
export function featuresOf(trace: Trace): Features {
  const features: Features = new Map()
  const root = checkoutSpan(trace) ?? rootOf(trace)
  if (root !== undefined) addAttributes(features, '', root.attributes)
  for (const span of trace.spans) {
    const prefix = `${span.service}:${span.name}:`
    addAttributes(features, prefix, span.attributes)
    // The instance that was asked: what it put into the queue may be done by another one later.
    if (span.instance !== undefined && span.kind === 'server') add(features, `${span.service}:instance`, span.instance)
    if (span.status === 'error') add(features, `${prefix}error`, 'yes')
    for (const event of span.events) add(features, `${prefix}event`, event.name)
  }
  for (const [prefix, count] of countByOperation(trace.spans)) add(features, `${prefix}count`, count)
  for (const [key, { size }] of features) if (isPort(key) && size > fewConnections) features.delete(key)
  return features
}

/** The values a trace has for an attribute on any of its spans, or for one exact feature key. */
export function valuesOf(features: Features, key: string): Set<string | number> {
  const found = new Set<string | number>()
  for (const [candidate, values] of features) {
    if (candidate === key || candidate.endsWith(`:${key}`)) for (const value of values) found.add(value)
  }
  return found
}

/** Numbers in buckets that double (`8–15`, `16–31`), text as it is. */
export function bucketed(value: string | number): string {
  if (typeof value === 'string') return value
  if (!Number.isFinite(value) || value === 0) return String(value)
  if (value < 0) return 'below 0'
  const exponent = Math.floor(Math.log2(value))
  const from = 2 ** exponent
  if (!Number.isInteger(value) || value < 1) return `${from} to ${from * 2}`
  return from === 1 ? '1' : `${from}–${from * 2 - 1}`
}

/** The lower ends of the buckets up to a number's own, the smallest left out: everything is above that. */
export function limitsBelow(value: number): number[] {
  if (!(value >= 2)) return []
  return Array.from({ length: Math.floor(Math.log2(value)) }, (_, index) => 2 ** (index + 1))
}

/** Keys that are no attribute of a span but a fact about the trace. */
export const isDerived = (key: string): boolean => /:(instance|count|error|event)$/.test(key)

/** Durations, instants, and ids of traces and processes: they describe the slowness, not a reason. So does the driver's run. */
const saysNothing = /(^|[._])(ms|ns|duration|latency|time|timestamp|date|pid|(trace|span|parent|thread)[._]?id)$/i

/** Whoever calls more often than this meets every connection: which ones they were says how often, not why. */
const fewConnections = 2
const isPort = (key: string): boolean => key.endsWith('.port')

function addAttributes(features: Features, prefix: string, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (saysNothing.test(key) || key === names.run) continue
    for (const element of Array.isArray(value) ? value : [value]) {
      const scalar = scalarOf(element)
      // A port is a name made of digits: near ones have nothing in common.
      if (scalar !== undefined) add(features, prefix + key, isPort(key) ? String(scalar) : scalar)
    }
  }
}

function scalarOf(value: AttributeValue): string | number | undefined {
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

function add(features: Features, key: string, value: string | number): void {
  const values = features.get(key)
  if (values === undefined) features.set(key, new Set([value]))
  else values.add(value)
}

function countByOperation(spans: readonly Span[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { service, name } of spans) {
    const prefix = `${service}:${name}:`
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1)
  }
  return counts
}
