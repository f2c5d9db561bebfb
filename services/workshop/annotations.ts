// Marks in Grafana when something was armed and when all was calm again. They say when, never what: even so they are half of
// the answer, so dashboards show them only to whoever switches them on.
import type { Logger } from '../kit/telemetry/log.ts'

export type Change = 'changed' | 'reset'

/** Dashboards ask for annotations by this tag: grafana/dashboard.ts. */
const tag = 'workshop'

/** Writes a mark and waits for nobody: a Grafana that is away costs a mark, not a scenario. */
export function grafanaMarks(url: URL, log: Pick<Logger, 'warn'>): (change: Change) => void {
  return (change) => {
    const mark = {
      time: Date.now(),
      tags: [tag],
      text: change === 'reset' ? 'All is calm again' : 'Something was changed',
    }
    written(url, mark).catch((error: Error) => log.warn(`Grafana did not take a mark: ${error.message}`))
  }
}

async function written(url: URL, mark: object): Promise<void> {
  const response = await fetch(new URL('/api/annotations', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(mark),
    signal: AbortSignal.timeout(3000),
  })
  if (!response.ok) throw new Error(`it answered ${response.status} ${(await response.text()).slice(0, 200)}`)
  await response.body?.cancel()
}
