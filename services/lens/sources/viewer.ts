// Reads the three pillars from the built-in viewer's JSON API.
import { z } from 'zod'
import type { Finding } from '../findings.ts'
import type { Labels, LogLine, Series, Source, Window } from '../source.ts'
import type { Span, Trace } from '../trace.ts'
import { requestJson } from './request-json.ts'

/** What the viewer lists of a trace. */
export type TraceSummary = {
  traceId: string
  rootName: string
  rootService: string
  /** `http.route` of the root span, when it has one. */
  route?: string
  startMs: number
  /** Of the root span alone: work that goes on in a queue afterwards does not make a checkout slow. */
  durationMs: number
  spanCount: number
  services: string[]
  errorCount: number
  status: Span['status']
  /** Its first span has arrived; until then a part of it stands in. */
  hasRoot: boolean
  /** Every parent that a span names has arrived, and so has the root. */
  isComplete: boolean
}

/** A trace with what the viewer knows about it. */
export type TraceDetails = { trace: Trace; findings: Finding[]; logs: LogLine[] }

export type TraceQuery = {
  service?: string
  route?: string
  minDurationMs?: number
  errors?: boolean
  sort?: 'newest' | 'slowest'
  limit?: number
  window?: Window
}

/** The viewer answers a few questions more than a `Source` has to. */
export interface ViewerSource extends Source {
  /** Many traces at once, by id; the ones the viewer does not have are left out. */
  traces(ids: readonly string[]): Promise<Map<string, Trace>>
  /** A trace with its findings and log lines; undefined when the viewer does not have it. */
  details(id: string): Promise<TraceDetails | undefined>
  search(query: TraceQuery): Promise<TraceSummary[]>
}

/** So many traces are asked for in one request: a few megabytes of JSON. */
const idsPerLookup = 100
/** More lines than a proof's window has; the viewer's own default is made for a page. */
const mostLines = 50_000

/**
 * The viewer at `baseUrl` (`http://localhost:4318`).
 * @throws Error from each call, a sentence with the URL: unreachable, an error status, or an answer of another shape.
 */
export function viewerSource(baseUrl: URL): ViewerSource {
  const find = <T>(path: string, shape: z.ZodType<T>, init?: RequestInit) =>
    requestJson(new URL(path, baseUrl), shape, init)
  const ask = async <T>(path: string, shape: z.ZodType<T>, init?: RequestInit): Promise<T> => {
    const answer = await find(path, shape, init)
    if (answer === undefined)
      throw new Error(`${new URL(path, baseUrl).href} does not exist; is something else on that port?`)
    return answer
  }
  const lookUp = async (ids: readonly string[]): Promise<Trace[]> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ids }) }
    return (await ask('/api/traces/lookup', z.object({ traces: z.array(traceShape) }), init)).traces
  }
  const details = (id: string) => find(`/api/traces/${encodeURIComponent(id)}`, detailsShape)

  return {
    details,
    trace: async (id) => (await details(id))?.trace,
    async traces(ids) {
      const found = new Map<string, Trace>()
      for (let i = 0; i < ids.length; i += idsPerLookup) {
        for (const trace of await lookUp(ids.slice(i, i + idsPerLookup))) found.set(trace.traceId, trace)
      }
      return found
    },
    async search({ window, ...query }) {
      const path = `/api/traces?${parameters({ ...query, ...range(window) })}`
      return (await ask(path, z.object({ traces: z.array(summaryShape) }))).traces
    },
    async logs({ window, ...query }) {
      const path = `/api/logs?${parameters({ ...query, ...range(window), limit: mostLines })}`
      return (await ask(path, z.object({ logs: z.array(lineShape) }))).logs
    },
    async series(metric, labels, window) {
      const path = `/api/series?${parameters({ metric, ...labelled(labels), ...range(window) })}`
      return (await ask(path, z.object({ series: z.array(seriesShape) }))).series
    },
  }
}

const range = (window?: Window) => (window === undefined ? {} : { from: window.fromMs, to: window.toMs })

const labelled = (labels: Labels) =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [`label.${key}`, value]))

const parameters = (query: Record<string, string | number | boolean | undefined>): URLSearchParams => {
  const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  )
  return new URLSearchParams(given)
}

// The viewer is part of this project: the shapes catch another program on the port, they do not check every field.
const holds = <T>(...keys: string[]) =>
  z.custom<T>((value) => typeof value === 'object' && value !== null && keys.every((key) => key in value), {
    error: `expected an object with ${keys.join(', ')}`,
  })
const traceShape = holds<Trace>('traceId', 'spans')
const lineShape = holds<LogLine>('atMs', 'service', 'body')
const seriesShape = holds<Series>('metric', 'labels', 'points')
const summaryShape = holds<TraceSummary>('traceId', 'durationMs')
const detailsShape = z.object({
  trace: traceShape,
  findings: z.array(holds<Finding>('kind', 'says')),
  logs: z.array(lineShape),
})
