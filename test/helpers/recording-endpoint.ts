// An OTLP endpoint that takes everything and keeps it as it came, for searching.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

export type RecordingEndpoint = AsyncDisposable & {
  url: string
  /** Everything received on a path so far. Protobuf keeps strings as they are, so this can be searched as text. */
  text(path?: string): string
}

export async function startRecordingEndpoint(): Promise<RecordingEndpoint> {
  const bodies: { path: string; text: string }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    bodies.push({ path: request.url ?? '', text: plain.toString('utf8') })
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/json' }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: (path) =>
      bodies
        .filter((body) => path === undefined || body.path === path)
        .map((body) => body.text)
        .join('\n'),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
