// Statements by their first word, in one line: the instrumentation takes all of a text up to its first blank for one, line
// breaks included, and a name with a line break can be put into no link and no query.
import type { Attributes, Span } from '@opentelemetry/api'

const operation = 'db.operation.name'

const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim()

/** For pg's `requestHook`: `pg.query:WITH shop`, where there was a line break behind `WITH`. */
export function namesInOneLine(span: Span): void {
  // The name is known to spans that are recorded, and only to them.
  const { name } = span as Span & { name?: string }
  if (name !== undefined) span.updateName(inOneLine(name))
}

/** The same for a view of pg's metrics. */
export const operationInOneLine = {
  process: (attributes: Attributes): Attributes => {
    const { [operation]: name } = attributes
    return typeof name === 'string' ? { ...attributes, [operation]: inOneLine(name) } : attributes
  },
}
