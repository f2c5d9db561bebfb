// `error.type` of a server span is the code that was answered, `out_of_stock` and not `409`.
import type { Span } from '@opentelemetry/api'
import { attributes } from './names.ts'

const codes = new WeakMap<Span, string>()

/** Names why the request of this span fails. */
export function setErrorType(span: Span, code: string): void {
  codes.set(span, code)
  span.setAttribute(attributes.errorType, code)
}

/** The instrumentation of HTTP writes the status over it just before the span ends: afterwards, this puts it back. */
export function restoreErrorType(span: Span): void {
  const code = codes.get(span)
  if (code !== undefined) span.setAttribute(attributes.errorType, code)
}
