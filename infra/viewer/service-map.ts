// Who calls whom, counted over the traces of a stretch of time, each call as its caller saw it.
import { slo } from '../../services/kit/slo.ts'
import { attributes, spans as names } from '../../services/kit/telemetry/names.ts'
import { quantile } from '../../services/lens/statistics.ts'
import { childIndex, durationMs, type Span, type Trace } from '../../services/lens/trace.ts'
import type { TracesStore } from './traces-store.ts'

export type ServiceMap = {
  /** The stretch that was counted, epoch ms: it begins where the traces do when they do not fill what was asked for. */
  fromMs: number
  toMs: number
  /** Traces that were counted, of how many. */
  traces: number
  total: number
  /** When the newest trace of all began, whether or not it was asked for; absent when there is none. */
  newestMs?: number
  nodes: MapNode[]
  edges: MapEdge[]
  sloMs: number
}

/** `isSilent`: it is called, but sends no spans of its own. Numbers are about what it was asked to do. */
export type MapNode = { name: string; isSilent: boolean } & Numbers

/** A `message` is measured from its sending until somebody takes it up, everything else from question to answer. */
export type MapEdge = { caller: string; callee: string; kind: 'call' | 'message'; isSlow: boolean } & Numbers

export type Numbers = { count: number; ratePerSecond: number; errorShare: number; p50Ms: number; p99Ms: number }

type Call = { caller: string; callee: string; kind: MapEdge['kind']; tookMs: number; isError: boolean }
type Window = { fromMs: number; toMs: number }
type MapStore = Pick<TracesStore, 'summaries' | 'get' | 'keptSinceMs'>

/** While they are counted the viewer receives nothing. */
const mostTraces = 5_000

/**
 * Of the traces that began in the window the newest 5,000. Slow and failed ones are kept for longer than others: where only
 * these are left nothing is counted, or every share would be theirs.
 */
export function serviceMap(store: MapStore, { fromMs: askedFromMs, toMs }: Window): ServiceMap {
  const all = store.summaries().sort((a, b) => b.startMs - a.startMs)
  const keptMs = store.keptSinceMs()
  // A file that was opened may be of a time before: it is as whole as it ever was.
  const fromMs = keptMs < toMs ? Math.max(askedFromMs, keptMs) : askedFromMs
  const within = all.filter(({ startMs }) => startMs >= fromMs && startMs < toMs)
  const counted = within.slice(0, mostTraces)
  const isCut = within.length > counted.length
  const beginMs = Math.min(toMs, Math.max(fromMs, (isCut ? counted : all).at(-1)?.startMs ?? fromMs))
  // One trace that has just come would otherwise be a thousand a second.
  const seconds = Math.max(1, (toMs - beginMs) / 1000)
  const traces = counted.map(({ traceId }) => store.get(traceId)).filter((trace) => trace !== undefined)
  const edges = edgesOf(traces, seconds)
  return {
    ...{ fromMs: beginMs, toMs, traces: traces.length, total: within.length, sloMs: slo.thresholdMs },
    ...(all[0] === undefined ? {} : { newestMs: all[0].startMs }),
    nodes: nodesOf(traces, edges, seconds),
    edges,
  }
}

function edgesOf(traces: readonly Trace[], seconds: number): MapEdge[] {
  const groups = Map.groupBy(traces.flatMap(callsOf), ({ caller, callee, kind }) =>
    JSON.stringify([caller, callee, kind]),
  )
  const edges = [...groups.values()].map((calls) => {
    const { caller, callee, kind } = calls[0] as Call
    const numbers = numbersOf(calls, seconds)
    return { caller, callee, kind, ...numbers, isSlow: kind === 'call' && numbers.p99Ms > slo.thresholdMs }
  })
  return edges.sort((a, b) => b.count - a.count)
}

function callsOf(trace: Trace): Call[] {
  const childrenOf = childIndex(trace)
  return trace.spans.flatMap((span) => [...calledBy(span, childrenOf(span)), ...sentBy(span, childrenOf(span))])
}

function calledBy(span: Span, children: readonly Span[]): Call[] {
  if (span.kind !== 'client') return []
  const callee = children.find(({ kind }) => kind === 'server')?.service ?? peerOf(span)
  if (callee === undefined) return []
  const isError = span.status === 'error'
  return [{ caller: span.service, callee, kind: 'call', tookMs: durationMs(span), isError }]
}

const sentBy = (span: Span, children: readonly Span[]): Call[] =>
  children
    .filter(({ kind }) => kind === 'consumer')
    .map((taken) => ({
      ...{ caller: span.service, callee: taken.service, kind: 'message' },
      ...{ tookMs: Math.max(0, taken.startMs - span.startMs), isError: taken.status === 'error' },
    }))

/** Whom a call went to that nobody answered with a span. Standing in line for a connection of one's own pool is no call. */
function peerOf({ name, attributes: own }: Span): string | undefined {
  if (name === names.poolConnect) return undefined
  const system = own['db.system.name']
  if (typeof system === 'string') return system === 'postgresql' ? 'postgres' : system
  const peer = own[attributes.peerService] ?? own['server.address']
  return typeof peer === 'string' ? peer : undefined
}

function nodesOf(traces: readonly Trace[], edges: readonly MapEdge[], seconds: number): MapNode[] {
  const all = traces.flatMap(({ spans }) => spans)
  const speaking = Map.groupBy(all, ({ service }) => service)
  const called = Map.groupBy(edges, ({ callee }) => callee)
  return [...new Set([...speaking.keys(), ...called.keys()])].sort().map((name) => {
    const own = speaking.get(name)
    const numbers = own === undefined ? together(called.get(name) ?? []) : numbersOf(asked(own), seconds)
    return { name, isSilent: own === undefined, ...numbers }
  })
}

const asked = (spans: readonly Span[]): Pick<Call, 'tookMs' | 'isError'>[] =>
  spans
    .filter(({ kind }) => kind === 'server' || kind === 'consumer')
    .map((span) => ({ tookMs: durationMs(span), isError: span.status === 'error' }))

/** The calls of all callers; of their percentiles the worst, as percentiles cannot be added up. */
function together(edges: readonly MapEdge[]): Numbers {
  const count = edges.reduce((sum, edge) => sum + edge.count, 0)
  return {
    count,
    ratePerSecond: edges.reduce((sum, edge) => sum + edge.ratePerSecond, 0),
    errorShare: edges.reduce((sum, edge) => sum + edge.errorShare * edge.count, 0) / Math.max(1, count),
    p50Ms: Math.max(0, ...edges.map(({ p50Ms }) => p50Ms)),
    p99Ms: Math.max(0, ...edges.map(({ p99Ms }) => p99Ms)),
  }
}

function numbersOf(calls: readonly Pick<Call, 'tookMs' | 'isError'>[], seconds: number): Numbers {
  const took = calls.map(({ tookMs }) => tookMs)
  return {
    count: calls.length,
    ratePerSecond: calls.length / seconds,
    errorShare: calls.filter(({ isError }) => isError).length / Math.max(1, calls.length),
    p50Ms: took.length === 0 ? 0 : quantile(took, 0.5),
    p99Ms: took.length === 0 ? 0 : quantile(took, 0.99),
  }
}
