// How many spans a second the viewer takes on one core, and its memory when full: part of `npm run bench`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { askStatus, type Encoding, fillStores, sendSpans, spansPerRequest } from './fill.ts'

/** Spans a second by encoding, on the clock and per second of one core; MiB of the process with all stores full. */
export type ViewerFigures = { encoding: Encoding; perSecond: number; perCoreSecond: number }[]

/** Starts a viewer of its own, sends it `wanted` spans in each encoding, then fills every store. */
export async function benchViewer(
  wanted: number,
  signal: AbortSignal,
): Promise<{ figures: ViewerFigures; fullMiB: number }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const viewer = await startViewer(port)
  // A Ctrl-C in the terminal ends it before we do.
  const ended = once(viewer, 'exit')
  try {
    const figures: ViewerFigures = []
    for (const encoding of ['protobuf', 'json'] as const) figures.push(await measure(url, encoding, wanted, signal))
    await fillStores(url, signal)
    return { figures, fullMiB: (await askStatus(url)).process.rssBytes / 2 ** 20 }
  } finally {
    viewer.kill('SIGTERM')
    await ended
  }
}

async function measure(
  url: string,
  encoding: Encoding,
  wanted: number,
  signal: AbortSignal,
): Promise<ViewerFigures[number]> {
  const before = await askStatus(url)
  const startedAtMs = performance.now()
  let sent = 0
  const send = async (): Promise<void> => {
    while (sent < wanted) {
      signal.throwIfAborted()
      sent += spansPerRequest
      await sendSpans(url, encoding)
    }
  }
  await Promise.all([send(), send()])
  const seconds = (performance.now() - startedAtMs) / 1000
  const coreSeconds = ((await askStatus(url)).process.cpuMs - before.process.cpuMs) / 1000
  return { encoding, perSecond: sent / seconds, perCoreSecond: sent / coreSeconds }
}

async function startViewer(on: number) {
  const command = [`PORT=${on}`, process.execPath, `${import.meta.dirname}/main.ts`]
  const child = spawn('env', command, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: free } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return free
}
