// Spans that our own code starts: few, each a step that a reader of the trace asks about.
import { type Attributes, type Link, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { AppError } from '../errors.ts'
import { attributes } from './names.ts'

/** Runs `work` in an internal span; what it throws marks the span and goes on. */
export function inSpan<T>(
  name: string,
  about: Attributes,
  work: (span: Span) => Promise<T>,
  links: Link[] = [],
): Promise<T> {
  return trace.getTracer('shop').startActiveSpan(name, { attributes: about, links }, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      const type = error instanceof AppError ? error.code : (error as Error).name
      span.setAttribute(attributes.errorType, type)
      span.setStatus({ code: SpanStatusCode.ERROR, message: type })
      throw error
    } finally {
      span.end()
    }
  })
}

/** Adds facts to the span at hand, usually the server span: what slow and fast requests are compared by. */
export function annotate(about: Attributes): void {
  trace.getActiveSpan()?.setAttributes(about)
}
