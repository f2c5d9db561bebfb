// What a drill was about, told on a checkout of that very incident: where its time went and how its context travelled.
import type { TraceUrl } from '../../../loadtest/text.ts'
import { attributes } from '../../kit/telemetry/names.ts'
import { criticalPath, shareByOperation } from '../../lens/critical-path.ts'
import type { LogLine } from '../../lens/source.ts'
import { checkoutSpan, childIndex, durationMs, rootOf, type Trace } from '../../lens/trace.ts'
import type { DrillReveal } from '../contract.ts'
import type { Scenario } from '../scenario.ts'
import type { Telemetry } from '../telemetry.ts'
import { codeOf } from './where-in-code.ts'

type Shown = { trace: Trace; logs: readonly LogLine[] }
type Drilled = { traceId?: string; startedAtMs: number; shipped?: { shippedAt: string } }

/** Spans of younger checkouts are still on their way. */
const settledAfterMs = 5_000
const mostLines = 12
const leastShare = 0.03
const severities = ['fatal', 'error', 'warn', 'info']

/**
 * The checkout that the player showed, or else the slowest of those that no fix has touched. A reveal does without where none
 * can be had.
 */
export async function shownOf(drill: Drilled, telemetry: Telemetry): Promise<Shown | undefined> {
  const { traceId, startedAtMs, shipped } = drill
  const shippedAtMs = shipped === undefined ? Number.POSITIVE_INFINITY : Date.parse(shipped.shippedAt)
  try {
    const window = { fromMs: startedAtMs, toMs: Math.min(Date.now() - settledAfterMs, shippedAtMs) }
    const id = traceId ?? (await telemetry.slowestOf(window))
    return id === undefined ? undefined : await telemetry.details(id)
  } catch {
    return undefined
  }
}

/** Pure. `shown` is the player's own checkout; without any the reveal does without. */
export function revealOf(
  scenario: Scenario,
  shown: Shown | undefined,
  traceUrl: TraceUrl,
): Omit<DrillReveal, 'score' | 'marks'> {
  const { id, title, question, truth, wrongFixes, decoy, rightFix, seen, arm } = scenario
  return {
    ...{ id, title, question, truth, alerts: seen.alerts, code: codeOf(arm) },
    wrongFixes: wrongFixes.map(({ fix, because }) => ({ fix, because })),
    ...(seen.because === undefined ? {} : { noAlert: seen.because }),
    ...(decoy && { decoy: { says: decoy.says, refutedBy: decoy.refutedBy } }),
    ...(rightFix && { rightFix: rightFix.fix }),
    ...(shown && { trace: traceOf(shown, traceUrl) }),
  }
}

function traceOf({ trace, logs }: Shown, traceUrl: TraceUrl): NonNullable<DrillReveal['trace']> {
  const measured = checkoutSpan(trace) ?? rootOf(trace)
  return {
    traceId: trace.traceId,
    url: traceUrl(trace.traceId, measured?.startMs ?? Date.now()),
    tookMs: measured === undefined ? 0 : durationMs(measured),
    path: shareByOperation(criticalPath(trace), trace)
      .filter(({ share }) => share >= leastShare)
      .map((one) => ({ ...one, name: one.name + towards(trace, one) })),
    hops: hopsOf(trace),
    lines: logs
      .toSorted((a, b) => rankOf(a) - rankOf(b) || a.atMs - b.atMs)
      .slice(0, mostLines)
      .sort((a, b) => a.atMs - b.atMs)
      .map(({ service, severity, body }) => ({ service, severity, body })),
  }
}

/** All client spans of one method have one name; whom they go to tells them apart, where it is the same for all of them. */
function towards(trace: Trace, { service, name }: { service: string; name: string }): string {
  const peers = new Set(
    trace.spans
      .filter((span) => span.service === service && span.name === name)
      .map((span) => span.attributes[attributes.peerService]),
  )
  const [peer] = peers
  return peers.size === 1 && typeof peer === 'string' ? ` → ${peer}` : ''
}

const rankOf = ({ severity }: LogLine): number =>
  (severities.indexOf(severity) + severities.length + 1) % (severities.length + 1)

/** How the context got from one process to the next, in the order in which it did; each way once. */
function hopsOf(trace: Trace): string[] {
  const childrenOf = childIndex(trace)
  const hops = trace.spans.flatMap((span) => {
    if (typeof span.attributes['db.system.name'] === 'string' && span.kind === 'client')
      return [`${span.service} → postgres: traceparent in a comment of the statement`]
    return childrenOf(span).flatMap((child) => {
      if (span.kind === 'client' && child.kind === 'server')
        return [`${span.service} → ${child.service}: traceparent in an HTTP header`]
      if (span.kind === 'producer' && child.kind === 'consumer')
        return [`${span.service} → ${child.service}: traceparent in the message`]
      return []
    })
  })
  const silent = trace.spans.flatMap((span) => {
    const { service, kind } = span
    const peer = span.attributes[attributes.peerService]
    const isAnswered = childrenOf(span).some((child) => child.kind === 'server')
    return kind === 'client' && typeof peer === 'string' && peer !== 'postgres' && !isAnswered
      ? [`${service} → ${peer}: sent, and no span came back`]
      : []
  })
  return [...new Set([...hops, ...silent])]
}
