// The ways in which a checkout gets slow, told apart by what its trace looks like where it spent too much. A closed vocabulary.
import { attributes, events, spans as spanNames } from '../../kit/telemetry/names.ts'
import type { Difference } from '../compare.ts'
import { alike, sequentialRun } from '../siblings.ts'
import type { LogLine } from '../source.ts'
import { childIndex, durationMs, isOurs, type Span, subtreeOf, type Trace } from '../trace.ts'
import type { Excess } from './excess.ts'

/** What each is, as the end of the sentence "most of them are slow because of …". */
export const mechanisms = {
  'refused-then-asked-again': 'a quota: it was refused, and asked again later',
  retries: 'an answer that came later than it was waited for, and was asked for again',
  'cache-stampede': 'a cache that had nothing for several at once',
  'one-by-one': 'many calls, one after the other, where one would do',
  'pool-exhausted': 'a queue for a connection of a pool',
  'row-lock': 'a row that another transaction holds',
  'event-loop': 'an event loop that stands still',
  'bad-connection': 'one connection among good ones',
  'slow-answer': 'somebody outside the shop who takes long to answer',
  'untraced-queue': 'a queue whose worker does not carry the trace on',
  'bad-instance': 'one instance among good ones',
  'own-work': 'work of its own, or a wait that no span tells of',
  /** Not read off a checkout: most slow ones have no trace to read it off. */
  'missing-traces': 'a choice of traces that leaves the slow ones out',
} as const
export type MechanismId = keyof typeof mechanisms

/** Who is slow, and in what way. `component` is a service, or whom it calls, or `network`. */
export type Diagnosis = { mechanism: MechanismId; component: string }

/** A slow checkout, and what all slow checkouts have in common. */
export type Case = {
  trace: Trace
  /** The most first; never empty. */
  excesses: readonly [Excess, ...Excess[]]
  lines: readonly LogLine[]
}
export type Common = {
  differences: readonly Difference[]
  /** Services that answer requests, and that next to no checkout has in its trace. */
  silent: ReadonlySet<string>
}

/** A gap between shares of slow and fast (0–1) that says more than that slow checkouts are not like others. */
export const tellingGap = 0.3
/** What is common to all the slow ones, or nearly. */
const nearlyAll = 0.85
/** Calls one after the other, more than this, could have been one. */
const manyCalls = 5
/** What explains less than this part of the excess does not explain it. */
const mostOfIt = 0.4

/** Every case has one: the first that applies. What says more of the cause comes before what says less. */
export function diagnose(one: Case, common: Common): Diagnosis {
  for (const read of readers) {
    const found = read(one, common)
    if (found !== undefined) return found
  }
  return { mechanism: 'own-work', component: one.excesses[0].service }
}

type Reader = (one: Case, common: Common) => Diagnosis | undefined

const readers: readonly Reader[] = [
  askedAgain,
  emptyCache,
  oneByOne,
  poolQueue,
  rowLock,
  busyLoop,
  outside,
  untracedQueue,
  badInstance,
]

/** Calls that failed, and one like them that did not: from the first of them to the last. */
function askedAgain({ trace, excesses }: Case): Diagnosis | undefined {
  const children = childIndex(trace)
  const attempts = trace.spans
    .flatMap((parent) => alike(children(parent)))
    .filter((calls) => calls[0]?.kind === 'client' && calls.length > 1 && calls.slice(0, -1).some(isFailed))
    .map((calls) => ({ calls, ms: (calls.at(-1)?.startMs ?? 0) - (calls[0]?.startMs ?? 0) }))
    .sort((a, b) => b.ms - a.ms)[0]
  const [first] = attempts?.calls ?? []
  if (attempts === undefined || first === undefined || attempts.ms < mostOfIt * excessIn(excesses)) return undefined
  const refused = attempts.calls.find((call) => call.attributes['http.response.status_code'] === 429)
  if (refused === undefined) return { mechanism: 'retries', component: first.service }
  return { mechanism: 'refused-then-asked-again', component: peerOf(refused) ?? first.service }
}

const isFailed = (span: Span): boolean => span.status === 'error'

/** Most of the time is in one request whose cache had nothing, which is rare among fast ones. */
function emptyCache({ trace, excesses }: Case, { differences }: Common): Diagnosis | undefined {
  const isTelling = differences.some(
    ({ key, value, shareSlow, shareFast }) =>
      key.endsWith(':event') && value === events.cacheMiss && shareSlow - shareFast >= tellingGap,
  )
  if (!isTelling) return undefined
  const children = childIndex(trace)
  const missed = trace.spans.find(
    (span) =>
      span.events.some(({ name }) => name === events.cacheMiss) &&
      durationMs(span) >= mostOfIt * excessIn(excesses) &&
      holds(span, excesses[0], children),
  )
  return missed && { mechanism: 'cache-stampede', component: missed.service }
}

/** A long row of calls alike, which took most of what was too much. */
function oneByOne({ trace, excesses }: Case): Diagnosis | undefined {
  const children = childIndex(trace)
  const rows = trace.spans
    .flatMap((parent) => alike(children(parent)).map(sequentialRun))
    .filter((row) => row[0]?.kind === 'client' && row.length >= manyCalls)
    .map((row) => ({ row, ms: (row.at(-1)?.endMs ?? 0) - (row[0]?.startMs ?? 0) }))
    .sort((a, b) => b.ms - a.ms)[0]
  const first = rows?.row[0]
  if (rows === undefined || first === undefined || rows.ms < mostOfIt * excessIn(excesses)) return undefined
  return { mechanism: 'one-by-one', component: first.service }
}

function poolQueue({ excesses: [top] }: Case): Diagnosis | undefined {
  return top.name === spanNames.poolConnect ? { mechanism: 'pool-exhausted', component: top.service } : undefined
}

/** A statement took too long, and the database says that it waited for another transaction. */
function rowLock({ excesses: [top], lines }: Case): Diagnosis | undefined {
  const isStatement = top.spans.some((span) => 'db.system.name' in span.attributes || 'db.system' in span.attributes)
  if (!isStatement) return undefined
  const blocked = lines.find(({ attributes: of }) => of[attributes.blockedByPid] !== undefined)
  if (blocked === undefined) return undefined
  const holder = blocked.attributes[attributes.blockedByService]
  return { mechanism: 'row-lock', component: typeof holder === 'string' ? holder : top.service }
}

/** The time passed before the other side began with the request. */
function busyLoop({ trace, excesses: [top] }: Case): Diagnosis | undefined {
  if (top.part !== 'before-server') return undefined
  const children = childIndex(trace)
  const servers = top.spans.flatMap((span) => children(span)).filter(({ kind }) => kind === 'server')
  const [server] = servers
  return server && { mechanism: 'event-loop', component: server.service }
}

/** A call to somebody who sends no spans. */
function outside({ excesses: [top] }: Case, { differences }: Common): Diagnosis | undefined {
  const [call] = top.spans
  const peer = call && peerOf(call)
  if (call?.kind !== 'client' || peer === undefined || isOurs(peer)) return undefined
  const port = differences.find(({ key }) => key === `${call.service}:${call.name}:${attributes.localPort}`)
  const isConnection = port !== undefined && port.shareSlow - port.shareFast >= tellingGap
  return isConnection
    ? { mechanism: 'bad-connection', component: 'network' }
    : { mechanism: 'slow-answer', component: peer }
}

/** A wait with nothing below it, while a service that is asked as often as ever is in no trace. */
function untracedQueue({ excesses: [top] }: Case, { silent }: Common): Diagnosis | undefined {
  return silent.size > 0 && top.part === 'self' ? { mechanism: 'untraced-queue', component: top.service } : undefined
}

/** A service's own time, on one and the same instance of it. */
function badInstance({ excesses: [top] }: Case, { differences }: Common): Diagnosis | undefined {
  const instance = differences.find(({ key }) => key === `${top.service}:instance`)
  const isTelling =
    instance !== undefined && instance.shareSlow >= nearlyAll && instance.shareSlow - instance.shareFast >= tellingGap
  return isTelling ? { mechanism: 'bad-instance', component: top.service } : undefined
}

function holds(span: Span, { spans }: Excess, children: (span: Span) => Span[]): boolean {
  const below = new Set(subtreeOf(span, children).map(({ spanId }) => spanId))
  return spans.some(({ spanId }) => below.has(spanId))
}

/** All that was too much, in ms. */
const excessIn = (excesses: readonly Excess[]): number =>
  excesses.reduce((sum, { excessMs }) => sum + Math.max(0, excessMs), 0)

function peerOf(span: Span): string | undefined {
  const peer = span.attributes[attributes.peerService]
  return typeof peer === 'string' ? peer : undefined
}
