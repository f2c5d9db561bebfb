// Keeps observing Postgres: samples on a schedule, connects again after an outage, and passes on what was seen.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createWaitReporter, sampleSessions } from './observer.ts'
import type { Sender } from './otlp-sender.ts'
import { createSessionCounts } from './session-counts.ts'

export type WatchOptions = {
  /** Connection URL of role `observer`. */
  url: string
  sender: Sender
  sampleEveryMs?: number
  exportEveryMs?: number
  say?: (line: string) => void
}

/** Observes until disposed. Never throws: Postgres may start later, end or restart. */
export function watchSessions(options: WatchOptions): AsyncDisposable {
  const { url, sender, sampleEveryMs = 250, exportEveryMs = 1_000, say = () => {} } = options
  const stop = new AbortController()
  const counts = createSessionCounts()
  const report = createWaitReporter()
  const database = decodeURIComponent(new URL(url).pathname.slice(1))
  const exporting = setInterval(() => sender.gauges(counts.take(Date.now())), exportEveryMs)

  const watchOnce = async () => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'observer',
      connectionTimeoutMillis: 2_000,
    })
    // A server that goes away is seen by the next sample; without a listener it would end the process.
    client.on('error', () => {})
    await client.connect()
    try {
      while (!stop.signal.aborted) {
        const sessions = await sampleSessions(client)
        counts.add(sessions, database)
        for (const record of report(sessions)) sender.log(record)
        await sleep(sampleEveryMs, undefined, { signal: stop.signal }).catch(() => {})
      }
    } finally {
      await client.end().catch(() => {})
    }
  }
  const loop = (async () => {
    for (let failures = 0; !stop.signal.aborted; failures++) {
      await watchOnce().catch((error: Error) => {
        // The first failures are a server that is still starting.
        if (failures > 0 && failures % 20 === 0) say(`cannot observe Postgres: ${error.message || error.name}`)
      })
      await sleep(250, undefined, { signal: stop.signal }).catch(() => {})
    }
  })()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      clearInterval(exporting)
      await loop
    },
  }
}
