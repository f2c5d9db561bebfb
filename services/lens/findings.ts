// What is odd about one trace, each as a sentence with its numbers: a first reading, not a diagnosis.
import { spans } from '../kit/telemetry/names.ts'
import { alike, sequentialRun } from './siblings.ts'
import { inMs } from './text.ts'
import { childIndex, durationMs, orphansOf, rootOf, type Span, type Trace } from './trace.ts'

/** `kind` is one of `findingKinds`; `spanIds` are the spans to point at, the most telling one first. */
export type Finding = { kind: string; says: string; spanIds: string[] }

export const findingKinds = [
  'missing-parent',
  'error',
  'pool-wait',
  'serial-siblings',
  'retry',
  'outlives-parent',
] as const
export type FindingKind = (typeof findingKinds)[number]

/** Clocks of two processes differ by a little and a server's span ends after its last byte; below this it means nothing. */
const outlivesToleranceMs = 5
/** A server's span ends when its last byte is out, which its caller may have had a moment before. */
const answeredToleranceMs = 25
/** Opening a new connection takes some 20 ms; a longer `pg-pool.connect` has stood in a queue. */
const poolWaitMs = 50
/** More siblings than this, one after the other, could have been one call. */
const manySiblings = 10

/** Everything odd about a trace, in the order of `findingKinds`; empty for a trace with nothing to say. */
export function findings(trace: Trace): Finding[] {
  const children = childIndex(trace)
  return [
    ...missingParents(trace),
    ...errors(trace),
    ...poolWaits(trace),
    ...trace.spans.flatMap((parent) => serialSiblings(parent, children(parent))),
    ...trace.spans.flatMap((parent) => retries(parent, children(parent))),
    ...trace.spans.flatMap((parent) => outliving(parent, children(parent))),
  ]
}

function missingParents(trace: Trace): Finding[] {
  const orphans = orphansOf(trace)
  if (orphans.length === 0) return []
  const services = [...new Set(orphans.map((span) => span.service))].join(', ')
  const says = `${count(orphans.length, 'span')} (${services}) without the parent named: it is late, lost or was never exported`
  const root = rootOf(trace)
  const rootSays = root?.parentSpanId === undefined ? '' : '; even the root of this trace is missing'
  return [finding('missing-parent', says + rootSays, orphans)]
}

function errors(trace: Trace): Finding[] {
  const failed = trace.spans.filter((span) => span.status === 'error')
  const groups = Map.groupBy(failed, (span) => JSON.stringify([span.service, span.name, reasonOf(span)]))
  return [...groups.values()].map((group) => {
    const [first] = group
    const reason = first && reasonOf(first)
    return finding(
      'error',
      `${labelOf(first)} ended in an error${times(group.length)}${reason ? `: ${reason}` : ''}`,
      group,
    )
  })
}

function poolWaits(trace: Trace): Finding[] {
  const waits = trace.spans.filter((span) => span.name === spans.poolConnect && durationMs(span) >= poolWaitMs)
  return waits.map((span) =>
    finding('pool-wait', `${span.service} waited ${inMs(durationMs(span))} for a connection of its own pool`, [span]),
  )
}

function serialSiblings(parent: Span, children: readonly Span[]): Finding[] {
  return alike(children).flatMap((group) => {
    const run = sequentialRun(group)
    const first = run[0]
    const last = run.at(-1)
    if (run.length <= manySiblings || first === undefined || last === undefined) return []
    const says = `${labelOf(first)} ran ${run.length} times one after the other below ${labelOf(parent)}, ${inMs(last.endMs - first.startMs)} in all`
    return [finding('serial-siblings', says, run)]
  })
}

function retries(parent: Span, children: readonly Span[]): Finding[] {
  return alike(children).flatMap((group) => {
    const last = group.at(-1)
    const failed = group.filter(
      (span) => span.status === 'error' && last !== undefined && span.endMs <= last.startMs + 1,
    )
    if (last === undefined || failed.length === 0) return []
    const outcome = last.status === 'error' ? 'failed again' : 'then succeeded'
    const says = `${labelOf(last)} failed ${failed.length === 1 ? 'once' : `${failed.length} times`} below ${labelOf(parent)} and ${outcome}`
    return [finding('retry', says, [...failed, last])]
  })
}

function outliving(parent: Span, children: readonly Span[]): Finding[] {
  const toleranceMs = (child: Span) =>
    parent.kind === 'client' && child.kind === 'server' ? answeredToleranceMs : outlivesToleranceMs
  const late = children.filter((child) => child.kind !== 'consumer' && child.endMs - parent.endMs > toleranceMs(child))
  return late.map((child) => {
    const says = `${labelOf(child)} ended ${inMs(child.endMs - parent.endMs)} after its parent ${labelOf(parent)}: nobody was waiting any more`
    return finding('outlives-parent', says, [child, parent])
  })
}

const finding = (kind: FindingKind, says: string, about: readonly Span[]): Finding => ({
  kind,
  says,
  spanIds: about.map((span) => span.spanId),
})

function reasonOf(span: Span): string {
  const type = span.attributes['error.type']
  return span.statusMessage || (typeof type === 'string' ? type : '')
}

const labelOf = (span: Span | undefined): string => (span === undefined ? 'nothing' : `${span.service} ${span.name}`)
const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`
const times = (n: number): string => (n === 1 ? '' : ` ${n} times`)
