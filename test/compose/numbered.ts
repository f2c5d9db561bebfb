// Numbered spans and log lines, sent to the Collector one by one, and which of them it answered with success.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from './docker.ts'

const service = 'numbers'
/** So many spans share a trace, so that few questions find them all. */
const perTrace = 200

export type Numbered = { spans: Set<number>; logs: Set<number>; sent: number; stop(): Promise<void>; run: number }

/** Sends 20 of each a second until stopped. A refusal is not repeated: only what was accepted is asked for later. */
export function startNumbers(stack: Stack, run: number): Numbered {
  const state = { spans: new Set<number>(), logs: new Set<number>(), sent: 0, run }
  let stopped = false
  const post = async (path: string, body: unknown) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const url = stack.url('COLLECTOR_PORT') + path
    return fetch(url, { ...init, signal: AbortSignal.timeout(5_000) }).then(
      async (response) => response.ok && !(await response.text()).includes('rejected'),
      () => false,
    )
  }
  const send = async (n: number) => {
    if (await post('/v1/traces', spanRequest(run, n))) state.spans.add(n)
    if (await post('/v1/logs', logRequest(run, n))) state.logs.add(n)
  }
  const loop = (async () => {
    const underWay = new Set<Promise<void>>()
    for (; !stopped; state.sent++) {
      const one: Promise<void> = send(state.sent).finally(() => underWay.delete(one))
      underWay.add(one)
      await sleep(50)
    }
    await Promise.all(underWay)
  })()
  return Object.assign(state, {
    stop: async () => {
      stopped = true
      await loop
    },
  })
}

/** The trace that holds span `n` of a run. */
export const traceIdFor = (run: number, n: number): string =>
  `${run.toString(16).padStart(16, '0')}${(Math.floor(n / perTrace) + 1).toString(16).padStart(16, '0')}`

export const traceIdsUpTo = (run: number, count: number): string[] =>
  Array.from({ length: Math.ceil(count / perTrace) }, (_, block) => traceIdFor(run, block * perTrace))

/** Numbers out of names and lines such as `n17`. */
export const numberOf = (text: string): number => Number(/n(\d+)$/.exec(text)?.[1])

export const query = (run: number): string => `{service_name="${service}"} |= "run ${run} "`

const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] }
const nanos = () => `${Date.now()}000000`

function spanRequest(run: number, n: number) {
  const [start, end] = [nanos(), nanos()]
  const spanId = (n + 1).toString(16).padStart(16, '0')
  const span = {
    traceId: traceIdFor(run, n),
    spanId,
    name: `n${n}`,
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: end,
  }
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }
}

function logRequest(run: number, n: number) {
  const record = {
    timeUnixNano: nanos(),
    severityNumber: 9,
    severityText: 'info',
    body: { stringValue: `run ${run} n${n}` },
  }
  return { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }
}
