// Decoded log requests → log lines in the lens's own shape.
import type { LogLine } from '../../services/lens/source.ts'
import type { Once } from './once.ts'
import { attributesOf, idOf, listOf, millisOf, numberOf, plainOf, type Raw, textOf } from './otlp-values.ts'
import { collect, originOf, type Read, requestOf } from './read-request.ts'

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber: four numbers a level, from 1. */
export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** How bad a severity is. A word that is none of the levels counts as info. */
export const rankOf = (severity: string): number => levels.indexOf(levels.includes(severity) ? severity : 'info')

/** All lines of a request; those without any time are refused and counted. */
export function readLogs(request: unknown, once: Once): Read<LogLine> {
  const read: Read<LogLine> = { items: [], rejected: 0, why: '' }
  for (const group of listOf(requestOf(request), 'resourceLogs')) {
    const { service } = originOf(group, once)
    for (const scope of listOf(group, 'scopeLogs')) {
      for (const raw of listOf(scope, 'logRecords')) {
        collect(read, lineOf(raw, service, once))
      }
    }
  }
  return read
}

/** The line, or the reason why it is none. */
function lineOf(raw: Raw, service: string, once: Once): LogLine | string {
  const atMs = millisOf(raw.timeUnixNano) ?? millisOf(raw.observedTimeUnixNano)
  if (atMs === undefined) return `A log record of ${service} has neither a time nor an observed time`
  const traceId = idOf(raw.traceId, 16)
  const spanId = idOf(raw.spanId, 8)
  return {
    atMs,
    service,
    severity: severityOf(raw, once),
    body: bodyOf(raw, once),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
    attributes: attributesOf(raw, once),
  }
}

function severityOf(raw: Raw, once: Once): string {
  const number = numberOf(raw.severityNumber) ?? 0
  if (number >= 1 && number <= 24) return levels[Math.floor((number - 1) / 4)] ?? 'info'
  return once.text(textOf(raw.severityText).toLowerCase() || 'info')
}

/** A structured body is shown as JSON; a line with only an event name shows that. */
function bodyOf(raw: Raw, once: Once): string {
  const body = plainOf(raw.body, once)
  if (body === null) return textOf(raw.eventName)
  return typeof body === 'string' ? body : JSON.stringify(body)
}
