// A log line and a measured point of last month, which the Collector takes and no backend will have.
import type { Stack } from './docker.ts'

const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'latecomer' } }] }

/** @throws Error when the Collector itself does not take them. */
export async function sendTooOld(stack: Stack): Promise<void> {
  const timeUnixNano = `${Date.now() - 30 * 24 * 3_600_000}000000`
  const line = { timeUnixNano, body: { stringValue: 'a line of last month' } }
  const point = { name: 'late.point', gauge: { dataPoints: [{ timeUnixNano, asInt: '1' }] } }
  await post(stack, 'logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [line] }] }] })
  await post(stack, 'metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [point] }] }] })
}

async function post(stack: Stack, signal: 'logs' | 'metrics', body: unknown): Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const { ok, status } = await fetch(`${stack.url('COLLECTOR_PORT')}/v1/${signal}`, init)
  if (!ok) throw new Error(`The Collector answered ${status} to ${signal}.`)
}
