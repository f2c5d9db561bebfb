// Log lines in bounded memory, with a cap for each service, so that a chatty one does not push out the others.
import type { LogLine } from '../../services/lens/source.ts'
import { bytesOfLine } from './bytes.ts'
import { rankOf } from './read-logs.ts'

export type LogQuery = {
  traceId?: string | undefined
  service?: string | undefined
  severity?: string | undefined
  minSeverity?: string | undefined
  /** Case does not matter. */
  text?: string | undefined
  from?: number | undefined
  to?: number | undefined
  limit: number
}

export type LogsStore = {
  add(line: LogLine): void
  /** The newest `limit` lines that match, oldest first. */
  find(query: LogQuery): LogLine[]
  services(): string[]
  stats(): { lines: number; bytes: number; evicted: number }
  clear(): void
}

export type LogsLimits = { maxBytes: number; maxLinesPerService?: number }

/** A queue over an array: taking from the front moves `head`, and the array is cut now and then. */
type Queue = { lines: LogLine[]; head: number; bytes: number }

export function createLogsStore({ maxBytes, maxLinesPerService = 20_000 }: LogsLimits): LogsStore {
  const queues = new Map<string, Queue>()
  const byTrace = new Map<string, LogLine[]>()
  let bytes = 0
  let evicted = 0

  function add(line: LogLine): void {
    const queue = queues.get(line.service) ?? { lines: [], head: 0, bytes: 0 }
    queues.set(line.service, queue)
    queue.lines.push(line)
    grow(queue, bytesOfLine(line))
    if (line.traceId !== undefined) {
      const siblings = byTrace.get(line.traceId)
      if (siblings === undefined) byTrace.set(line.traceId, [line])
      else siblings.push(line)
    }
    if (queue.lines.length - queue.head > maxLinesPerService) dropOldest(queue)
    while (bytes > maxBytes) dropOldest(largest())
  }

  /** Who takes most pays: the quiet services keep their lines. */
  function largest(): Queue {
    return [...queues.values()].reduce((most, queue) => (queue.bytes > most.bytes ? queue : most))
  }

  function dropOldest(queue: Queue): void {
    const line = queue.lines[queue.head] as LogLine
    queue.head += 1
    evicted += 1
    grow(queue, -bytesOfLine(line))
    if (queue.head > 1_000 && queue.head * 2 > queue.lines.length) {
      queue.lines = queue.lines.slice(queue.head)
      queue.head = 0
    }
    if (line.traceId !== undefined) forget(line.traceId, line)
  }

  function forget(traceId: string, line: LogLine): void {
    const others = byTrace.get(traceId)?.filter((other) => other !== line) ?? []
    if (others.length === 0) byTrace.delete(traceId)
    else byTrace.set(traceId, others)
  }

  function grow(queue: Queue, by: number): void {
    queue.bytes += by
    bytes += by
  }

  function* candidates({ traceId, service }: LogQuery): Generator<LogLine> {
    if (traceId !== undefined) yield* byTrace.get(traceId) ?? []
    else
      for (const [name, queue] of queues) {
        if (service !== undefined && name !== service) continue
        for (let i = queue.head; i < queue.lines.length; i++) yield queue.lines[i] as LogLine
      }
  }

  return {
    add,
    find(query) {
      const isWanted = filterOf(query)
      const found = candidates(query).filter(isWanted).toArray()
      return found.sort((a, b) => a.atMs - b.atMs).slice(-query.limit)
    },
    services: () => [...queues.keys()],
    stats: () => ({
      lines: [...queues.values()].reduce((sum, queue) => sum + queue.lines.length - queue.head, 0),
      bytes,
      evicted,
    }),
    clear() {
      queues.clear()
      byTrace.clear()
      bytes = 0
    },
  }
}

function filterOf(query: LogQuery): (line: LogLine) => boolean {
  const { service, severity, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query
  const text = query.text?.toLowerCase()
  const least = rankOf(query.minSeverity ?? 'trace')
  return (line) =>
    (service === undefined || line.service === service) &&
    (severity === undefined || line.severity === severity) &&
    rankOf(line.severity) >= least &&
    line.atMs >= from &&
    line.atMs < to &&
    (text === undefined || line.body.toLowerCase().includes(text))
}
