// The programs that keep telemetry: the built-in viewer, or the Collector and what is behind it.
import { portOf } from '../../kit/config.ts'
import { type CliConfig, inStack, stackOf, viewerUrlOf } from '../config.ts'
import { ask, type Diagnosis, ill, isUnknownName, messageOf, note, type Place, startIt, well } from './diagnosis.ts'

type Backend = { name: string; url: URL; isReady?: (status: number) => boolean; mayBeMissing?: boolean }

export async function backendsReady(place: Place, config: CliConfig): Promise<Diagnosis[]> {
  if (place.kind === 'lab') return [await viewerReady(viewerUrlOf(config), place)]
  return Promise.all(stackBackends(place, config).map((backend) => ready(backend, place)))
}

async function viewerReady(url: URL, place: Place): Promise<Diagnosis> {
  try {
    const { text } = await ask(new URL('/api/status', url))
    const { traces, logs, metrics, bytes } = JSON.parse(text) as Record<string, { traces: number; lines: number }>
    const mib = Math.round(Number(bytes) / 1024 ** 2)
    const held = `${traces?.traces} traces, ${logs?.lines} lines, ${(metrics as unknown as { series: number }).series} series`
    return well('viewer', `answers at ${url.origin}, holds ${held} in ${mib} MiB`)
  } catch (error) {
    return ill('viewer', messageOf(error), startIt(place))
  }
}

const readyPaths = { tempo: '/ready', jaeger: '/api/services', zipkin: '/health' } as const

function stackBackends({ isInside }: Place, config: CliConfig): Backend[] {
  const { backend, traces, prometheus, loki } = stackOf(config)
  return [
    collectorOf(isInside, config),
    { name: 'prometheus', url: new URL('/-/ready', prometheus) },
    { name: 'loki', url: new URL('/ready', loki) },
    { name: backend, url: new URL(readyPaths[backend], traces) },
    {
      name: 'grafana',
      url: new URL('/api/health', config.GRAFANA_URL ?? inStack('grafana', config)),
      mayBeMissing: true,
    },
  ]
}

/** Its health check is not published: outside, that its OTLP port refuses a GET has to do. */
function collectorOf(isInside: boolean, { COLLECTOR_URL, PORT_BASE }: CliConfig): Backend {
  if (COLLECTOR_URL !== undefined || isInside)
    return { name: 'collector', url: new URL(COLLECTOR_URL ?? 'http://collector:13133/') }
  const url = new URL(`http://127.0.0.1:${portOf('viewer', PORT_BASE)}/v1/traces`)
  return { name: 'collector', url, isReady: (status) => status === 405 }
}

async function ready({ name, url, isReady = (status) => status === 200, mayBeMissing }: Backend, place: Place) {
  try {
    const { status, text, tookMs } = await ask(url)
    if (isReady(status)) return well(name, `ready at ${url.origin} (${Math.round(tookMs)} ms)`)
    return ill(name, `${url.href} answers ${status}: ${text.trim().slice(0, 80)}`, startIt(place, name))
  } catch (error) {
    if (mayBeMissing && (!place.isInside || isUnknownName(error)))
      return note(name, `does not run here (${messageOf(error)}); nothing depends on it`)
    return ill(name, messageOf(error), startIt(place, name))
  }
}
