// An OTLP/HTTP endpoint that remembers the JSON it was sent and can be told to misbehave.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type SentLog = {
  body: { stringValue: string }
  traceId?: string
  spanId?: string
  severityText: string
  attributes: unknown[]
}
type SentLogs = { resourceLogs: { scopeLogs: { logRecords: SentLog[] }[] }[] }
export type SentPoint = { asDouble: number; attributes: { key: string; value: { stringValue?: string } }[] }
type SentMetrics = {
  resourceMetrics: { scopeMetrics: { metrics: { name: string; gauge: { dataPoints: SentPoint[] } }[] }[] }[]
}

export type OtlpSink = {
  url: string
  logs(): SentLog[]
  points(metric: string): SentPoint[]
  /** How many requests were answered with anything but 200. */
  refused(): number
  /** Status of the answers from now on. */
  answers(status: number): void
}

/** Closed with the test. */
export async function startOtlpSink(): Promise<OtlpSink> {
  let status = 200
  let refused = 0
  const bodies: { path: string; body: unknown }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (status === 200) bodies.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) })
    else refused++
    response.writeHead(status).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const at = <T>(path: string) => bodies.filter((entry) => entry.path === path).map(({ body }) => body as T)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logs: () =>
      at<SentLogs>('/v1/logs').flatMap((body) =>
        body.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
      ),
    points: (metric) =>
      at<SentMetrics>('/v1/metrics')
        .flatMap((body) =>
          body.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)),
        )
        .filter(({ name }) => name === metric)
        .flatMap(({ gauge }) => gauge.dataPoints),
    refused: () => refused,
    answers: (next) => {
      status = next
    },
  }
}
