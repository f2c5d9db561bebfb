// What is written in slow checkouts and hardly ever in fast ones: log lines without their numbers, by how much commoner they are.
import { fewestSlow, liftOf } from '../evidence/population.ts'
import type { LogLine } from '../source.ts'
import { shareDifferenceP } from '../statistics.ts'

/** `says` is a line with its numbers and ids cut out, `lift` how many times as often slow checkouts have it. */
export type Template = {
  service: string
  says: string
  slowCount: number
  fastCount: number
  lift: number
  /** A slow checkout that has the line. */
  traceId: string
}

const liftAtLeast = 3
const significance = 0.001

/** The most telling first: those of the most slow checkouts. */
export function templatesOf(
  logs: readonly LogLine[],
  slow: ReadonlySet<string>,
  fast: ReadonlySet<string>,
): Template[] {
  const seen = new Map<string, { service: string; says: string; traces: Set<string> }>()
  for (const { service, body, traceId } of logs) {
    if (traceId === undefined) continue
    const says = withoutNumbers(body)
    const key = `${service}\0${says}`
    const one = seen.get(key) ?? { service, says, traces: new Set() }
    one.traces.add(traceId)
    seen.set(key, one)
  }
  return [...seen.values()]
    .flatMap(({ service, says, traces }): Template[] => {
      const among = [...traces].filter((id) => slow.has(id))
      const [traceId] = among
      const fastCount = [...traces].filter((id) => fast.has(id)).length
      const [inSlow, inFast] = [
        { hits: among.length, total: slow.size },
        { hits: fastCount, total: fast.size },
      ]
      const lift = liftOf(inSlow, inFast)
      if (traceId === undefined || among.length < fewestSlow || lift < liftAtLeast) return []
      if (shareDifferenceP(inSlow, inFast) > significance) return []
      return [{ service, says, slowCount: among.length, fastCount, lift, traceId }]
    })
    .sort((a, b) => b.slowCount - a.slowCount || b.lift - a.lift)
}

/** Ids and numbers become `…`: what is left is the same each time the line is written. */
export const withoutNumbers = (body: string): string =>
  body
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '…')
    .replaceAll(/\b[0-9a-f]{16,}\b/gi, '…')
    .replaceAll(/\d+(\.\d+)?/g, '…')
