// `traceresponse` on every response: whoever holds a slow answer can open its trace.
// https://www.w3.org/TR/trace-context-2/#traceresponse-header
import type { ServerResponse } from 'node:http'
import { isSpanContextValid, trace } from '@opentelemetry/api'
import { headers } from '../telemetry/names.ts'

/** The id of the trace that the code at hand belongs to, or null outside of one. */
export function currentTraceId(): string | null {
  const context = trace.getActiveSpan()?.spanContext()
  return context !== undefined && isSpanContextValid(context) ? context.traceId : null
}

/** Sets the header on a response from the active server span. */
export function setTraceResponse(response: ServerResponse): void {
  const context = trace.getActiveSpan()?.spanContext()
  if (context === undefined || !isSpanContextValid(context)) return
  const flags = context.traceFlags.toString(16).padStart(2, '0')
  response.setHeader(headers.traceResponse, `00-${context.traceId}-${context.spanId}-${flags}`)
}
