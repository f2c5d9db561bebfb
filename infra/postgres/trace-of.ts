// Which trace a statement belongs to: the instrumented driver appends it as a SQL comment (sqlcommenter).

export type TraceRef = { traceId: string; spanId: string }

const comment = /\/\*[^*]*?traceparent='00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}'[^*]*?\*\//g

/** The trace and span named by the last `traceparent` comment in a text, be it a statement or a log message. */
export function traceOf(text: string): TraceRef | undefined {
  const [, traceId, spanId] = [...text.matchAll(comment)].at(-1) ?? []
  return traceId !== undefined && spanId !== undefined ? { traceId, spanId } : undefined
}

/** The same text without those comments: ids belong in a record's trace context, not in what people read and group by. */
export function withoutTrace(text: string): string {
  return text.replaceAll(comment, '').trimEnd()
}
