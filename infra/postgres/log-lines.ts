// One line of Postgres's JSON log becomes one log record of service `postgres`, in the trace of the statement it is about.
import { attributes as names } from '../../services/kit/telemetry/names.ts'
import { dbAttributes } from './attributes.ts'
import type { LogRecord, Severity, Values } from './otlp.ts'
import { traceOf, withoutTrace } from './trace-of.ts'

/** The fields of a jsonlog line that are used here. Postgres leaves out what it does not know. */
type Line = {
  timestamp: string
  error_severity: string
  message: string
  detail?: string
  statement?: string
  user?: string
  dbname?: string
  pid?: number
  state_code?: string
  backend_type?: string
}

const severities: Record<string, Severity> = { WARNING: 'warn', ERROR: 'error', FATAL: 'fatal', PANIC: 'fatal' }

/**
 * The record for a line, or undefined when the line is not one of Postgres's. Lock waits carry the waiting statement in
 * `statement`; duration lines carry theirs in `message`.
 */
export function recordOf(text: string): LogRecord | undefined {
  const line = parse(text)
  if (!line) return undefined
  const atMs = Date.parse(line.timestamp.replace(' ', 'T').replace(' UTC', 'Z'))
  return {
    atMs: Number.isNaN(atMs) ? Date.now() : atMs,
    severity: severities[line.error_severity] ?? 'info',
    body: withoutTrace(line.message),
    attributes: { ...about(line), ...waitOf(line), ...queryIdOf(text) },
    ...(traceOf(line.statement ?? '') ?? traceOf(line.message)),
  }
}

function parse(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line> | null
    const isLine = [line?.timestamp, line?.error_severity, line?.message].every((field) => typeof field === 'string')
    return isLine ? (line as Line) : undefined
  } catch {
    return undefined
  }
}

function about(line: Line): Values {
  const [, durationMs, statement] = /^duration: ([\d.]+) ms(?: +[^:]+: (.*))?$/s.exec(line.message) ?? []
  const sql = line.statement ?? statement
  return {
    [dbAttributes.system]: 'postgresql',
    [dbAttributes.namespace]: line.dbname,
    [dbAttributes.user]: line.user,
    [dbAttributes.backendType]: line.backend_type,
    [dbAttributes.stateCode]: line.state_code,
    [dbAttributes.statement]: sql === undefined ? undefined : withoutTrace(sql),
    [dbAttributes.durationMs]: durationMs === undefined ? undefined : Number(durationMs),
    [names.sessionPid]: line.pid,
  }
}

/** Details of other lines are left out: those of a broken constraint quote the row's values. */
function waitOf({ message, detail }: Line): Values {
  const waited = /^process \d+ (?:still waiting for|acquired) .* after ([\d.]+) ms$/.exec(message)?.[1]
  if (waited === undefined) return {}
  const holder = /^Process(?:es)? holding the lock: (\d+)/.exec(detail ?? '')?.[1]
  return {
    [names.waitMs]: Math.round(Number(waited)),
    [names.blockedByPid]: holder === undefined ? undefined : Number(holder),
    [dbAttributes.detail]: detail,
  }
}

/** Taken from the text: a query id may exceed 2^53, and JSON.parse would round it to another one. */
function queryIdOf(text: string): Values {
  const id = /"query_id":(-?\d+)/.exec(text)?.[1]
  return id === undefined || id === '0' ? {} : { [dbAttributes.queryId]: id }
}
