// A trace as text for a terminal: the waterfall with its critical path, what is odd, and the log lines of all services.
import { attributes } from '../kit/telemetry/names.ts'
import { criticalPath, shareByOperation } from './critical-path.ts'
import { findings } from './findings.ts'
import type { LogLine } from './source.ts'
import { cell, inMs, palette, printable, wrap } from './text.ts'
import { checkoutSpan, durationMs, rootOf, type Span, type Trace } from './trace.ts'
import { durationWidth, type Frame, scaleOf, since, waterfall } from './waterfall.ts'

const narrowest = 60
const legend = '█ on the critical path  ─ running  ▸ after the root'

/**
 * The whole text, lines joined by newlines, none of them wider than `columns` (at least 60). Without `colour` it is plain; the
 * critical path shows either way, as the solid part of a bar.
 */
export function renderTrace({
  trace,
  logs,
  columns,
  colour,
}: {
  trace: Trace
  logs: readonly LogLine[]
  columns: number
  colour: boolean
}): string {
  const paint = palette(colour)
  const root = rootOf(trace)
  if (root === undefined) return `trace ${printable(trace.traceId)} has no spans yet`
  const frame = { ...scaleOf(root), columns: Math.max(columns, narrowest), paint }
  return [
    ...heading(trace, root, frame),
    '',
    ...waterfall(trace, root, frame),
    paint.dim(legend),
    ...section('Where the time went (critical path)', contributors(trace, root), frame),
    ...section(
      'Odd',
      findings(trace).map(({ says }) => says),
      frame,
    ),
    ...logStrip(logs, frame),
  ].join('\n')
}

function heading(trace: Trace, root: Span, { columns, paint }: Frame): string[] {
  const measured = checkoutSpan(trace) ?? root
  const title = `${measured.service} ${measured.name}  ${inMs(durationMs(measured))}`
  const startedAt = new Date(root.startMs)
  const when = Number.isNaN(startedAt.getTime()) ? 'at an impossible time' : startedAt.toISOString()
  const facts = `trace ${trace.traceId}  ${trace.spans.length} spans  ${when}`
  return [paint.bold(cell(title, columns).trimEnd()), paint.dim(cell(facts, columns).trimEnd())]
}

function contributors(trace: Trace, root: Span): string[] {
  const rootMs = durationMs(root)
  return shareByOperation(criticalPath(trace), trace)
    .filter(({ share }) => share >= 0.05)
    .map(({ service, name, part, ms }) => {
      const where =
        part === 'self' ? '' : ` (${part === 'before-server' ? 'before its server span' : 'after its server span'})`
      return `${inMs(ms).padStart(durationWidth)}  ${String(Math.round((ms / rootMs) * 100)).padStart(3)} %  ${service} ${name}${where}`
    })
}

function section(title: string, lines: readonly string[], { columns, paint }: Frame): string[] {
  if (lines.length === 0) return []
  return ['', paint.bold(title), ...lines.flatMap((line) => wrap(`  ${line}`, columns, 4))]
}

function logStrip(logs: readonly LogLine[], frame: Frame): string[] {
  if (logs.length === 0) return ['', frame.paint.dim('No log lines with this trace id.')]
  const lines = logs.toSorted((a, b) => a.atMs - b.atMs).flatMap((line) => logLines(line, frame))
  return ['', frame.paint.bold('Log lines'), ...lines]
}

function logLines(line: LogLine, frame: Frame): string[] {
  const { columns, paint } = frame
  const isBad = line.severity === 'error' || line.severity === 'fatal'
  const colour = isBad ? paint.red : line.severity === 'warn' ? paint.yellow : (text: string) => text
  const start = `  ${since(line.atMs, frame).padStart(durationWidth + 1)}  ${line.severity.padEnd(5)} ${line.service}`
  const blocker = line.attributes[attributes.blockedByTraceId]
  const blocked =
    typeof blocker === 'string'
      ? [paint.cyan(cell(`${' '.repeat(14)}blocked by trace ${blocker}`, columns).trimEnd())]
      : []
  return [...wrap(`${start}  ${line.body}`, columns, 14).map(colour), ...blocked]
}
