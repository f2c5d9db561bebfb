// What is logged most: lines counted by what they say apart from their numbers, and the newest lines themselves.
import type { LogLine } from '../../services/lens/source.ts'
import { withoutNumbers } from '../../services/lens/why/log-templates.ts'
import type { LogsStore } from './logs-store.ts'
import type { LogPatternsQuery } from './queries.ts'
import { rankOf } from './read-logs.ts'

/** `says` is a line without its numbers and ids, `severity` the worst with which it was written. */
export type LogPattern = { says: string; count: number; withTrace: number; services: string[]; severity: string }

export type FoundLogs = {
  /** How many lines are kept of all services, whatever they say. */
  kept: number
  services: string[]
  /** The newest lines that match, of which the patterns are; `isCut` when there are more. */
  counted: number
  isCut: boolean
  /** Most frequent first, of `patternCount`. */
  patterns: LogPattern[]
  patternCount: number
  /** How many of the counted lines have the pattern asked for, and the newest of them, newest first. */
  total: number
  lines: LogLine[]
}

const countedMost = 20_000
const patternsMost = 100

export function findLogs(logs: Pick<LogsStore, 'find' | 'services' | 'stats'>, query: LogPatternsQuery): FoundLogs {
  const { pattern, limit, ...wanted } = query
  const found = logs.find({ ...wanted, limit: countedMost + 1 })
  const lines = found.slice(-countedMost)
  const { patterns, matching } = patternsOf(lines, pattern)
  return {
    kept: logs.stats().lines,
    services: logs.services().sort(),
    counted: lines.length,
    isCut: found.length > countedMost,
    patterns: patterns.slice(0, patternsMost),
    patternCount: patterns.length,
    total: matching.length,
    lines: matching.slice(-limit).reverse(),
  }
}

/** Pure: all patterns of the lines, most frequent first, and the lines that have `pattern` (all when it is undefined). */
export function patternsOf(
  lines: readonly LogLine[],
  pattern?: string,
): { patterns: LogPattern[]; matching: LogLine[] } {
  const bySaying = new Map<string, Omit<LogPattern, 'services'> & { services: Set<string> }>()
  const matching: LogLine[] = []
  for (const line of lines) {
    const says = withoutNumbers(line.body)
    if (pattern === undefined || says === pattern) matching.push(line)
    const one = bySaying.get(says) ?? { says, count: 0, withTrace: 0, services: new Set(), severity: line.severity }
    bySaying.set(says, one)
    one.count += 1
    one.withTrace += line.traceId === undefined ? 0 : 1
    one.services.add(line.service)
    if (rankOf(line.severity) > rankOf(one.severity)) one.severity = line.severity
  }
  const patterns = [...bySaying.values()].map((one) => ({ ...one, services: [...one.services].sort() }))
  return { patterns: patterns.sort((a, b) => b.count - a.count || (a.says < b.says ? -1 : 1)), matching }
}
