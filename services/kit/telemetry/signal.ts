// One business event, written three ways at once: a span event, a counter and a log line. Each service lists its own in
// signals.ts, so that no counter moves without a line that says why.
import { type Attributes, type Counter, metrics as meters, trace } from '@opentelemetry/api'
import type { Logger } from './log.ts'
import type { MetricName } from './names.ts'

export type SignalDefinition = {
  /** Span event name, from `events` in names.ts. */
  event: string
  counter: MetricName
  /** Added to every count; what tells this event from others on the same counter. */
  counted?: Attributes
  /** Which facts become metric labels: only those with a handful of values. */
  labels?: readonly string[]
  level?: 'info' | 'warn'
}

/** Facts of one occurrence, by attribute name. */
export type Facts = Record<string, string | number>

/** Makes the function that a service calls when the event happens. */
export function createSignal(log: Logger, definition: SignalDefinition): (says: string, facts?: Facts) => void {
  const counter: Counter = meters.getMeter('shop.signals').createCounter(definition.counter)
  return (says, facts = {}) => {
    const labels = Object.fromEntries(
      (definition.labels ?? []).flatMap((key) => (key in facts ? [[key, facts[key]]] : [])),
    )
    trace.getActiveSpan()?.addEvent(definition.event, facts)
    counter.add(1, { ...definition.counted, ...labels })
    log[definition.level ?? 'info'](facts, says)
  }
}
