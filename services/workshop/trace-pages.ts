// Where a browser opens a trace, and looks at a stretch of time: the viewer, Grafana, or Jaeger's and Zipkin's own pages.
import type { Window } from '../lens/source.ts'
import { type CliConfig, viewerUrlOf } from './config.ts'

type TracePagesConfig = Pick<CliConfig, 'SOURCE' | 'PORT_BASE' | 'VIEWER_URL' | 'TRACES_BACKEND'> & {
  TRACE_PAGES_URL?: string | undefined
}

/** Addresses by trace id and about when it began. Inside the containers, of the ports that are published outside. */
export function tracePages(config: TracePagesConfig): (traceId: string, atMs: number) => string {
  const { SOURCE, TRACES_BACKEND, TRACE_PAGES_URL } = config
  if (SOURCE === 'viewer') {
    const viewer = viewerPage(config)
    return (traceId) => new URL(`/trace/${traceId}`, viewer).href
  }
  const page = pages[TRACES_BACKEND]
  const base = TRACE_PAGES_URL ?? `http://localhost:${page.port}`
  return (traceId, atMs) => new URL(page.path(traceId, atMs), base).href
}

export type LookPage = { name: string; url: (window: Window) => string }

/** Where one begins to look: the list of traces, or Grafana's first dashboard, of that time. */
export function lookPage(config: TracePagesConfig & { GRAFANA_PAGES_URL?: string | undefined }): LookPage {
  const range = ({ fromMs, toMs }: Window) => `from=${Math.round(fromMs)}&to=${Math.round(toMs)}`
  if (config.SOURCE === 'viewer') {
    const viewer = viewerPage(config)
    return { name: 'Viewer', url: (window) => new URL(`/?sort=slowest&${range(window)}`, viewer).href }
  }
  const grafana = config.GRAFANA_PAGES_URL ?? 'http://localhost:3000'
  return { name: 'Grafana', url: (window) => new URL(`/d/checkout?${range(window)}`, grafana).href }
}

/** As a browser calls it: cookies and theme belong to `localhost`. */
const viewerPage = (config: TracePagesConfig): URL =>
  new URL(config.TRACE_PAGES_URL ?? viewerUrlOf(config).href.replace('127.0.0.1', 'localhost'))

const pages: Record<CliConfig['TRACES_BACKEND'], { port: number; path: (traceId: string, atMs: number) => string }> = {
  tempo: { port: 3000, path: exploreTrace },
  jaeger: { port: 16686, path: (traceId) => `/trace/${traceId}` },
  zipkin: { port: 9411, path: (traceId) => `/zipkin/traces/${traceId}` },
}

/** Tempo looks only into the blocks of the time range. */
const aroundMs = 5 * 60_000

/** Grafana's Explore with the trace opened, in the form that it has read since version 7. */
function exploreTrace(traceId: string, atMs: number): string {
  const left = {
    datasource: 'tempo',
    queries: [{ refId: 'A', datasource: { type: 'tempo', uid: 'tempo' }, queryType: 'traceql', query: traceId }],
    range: { from: String(Math.round(atMs) - aroundMs), to: String(Math.round(atMs) + aroundMs) },
  }
  return `/explore?left=${encodeURIComponent(JSON.stringify(left))}`
}
