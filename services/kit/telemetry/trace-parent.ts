// The active trace context as text, for where no instrumentation carries it.
import { context, type Link, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'

/** W3C traceparent of the active span, or null outside of one. */
export function currentTraceparent(): string | null {
  const carrier: { traceparent?: string } = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent ?? null
}

/** A link to the span that a stored traceparent names; none when it names nothing. */
export function linksTo(traceparent: string | null): Link[] {
  if (traceparent === null) return []
  const spanContext = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }))
  return spanContext === undefined ? [] : [{ context: spanContext }]
}
