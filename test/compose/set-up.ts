// One stack for all of test:compose: built, started from nothing and measured, and removed at the end.
import type { TestProject } from 'vitest/node'
import { eventually } from '../helpers/eventually.ts'
import { createClient } from '../helpers/shop.ts'
import { type Backend, defaultBackend, requireEngine, type Stack, stackWith } from './docker.ts'
import { logql, promql, traceSource } from './read.ts'

declare module 'vitest' {
  interface ProvidedContext {
    backend: Backend
    start: Start
  }
}

export type Start = { upSeconds: number; joinedSeconds: number; missing: string[] }

export default async function setUp({ provide }: TestProject) {
  await requireEngine()
  const backend = await defaultBackend()
  const built = await stackWith(backend)
  await built.must('down', '--volumes', '--remove-orphans', '--timeout=5')
  await built.must('build')
  // Asked again: its own image is there only now.
  const stack = await stackWith(backend)
  const startedAt = performance.now()
  const seconds = () => (performance.now() - startedAt) / 1000
  await stack.must('up', '--detach', '--wait', '--wait-timeout=120', '--no-build', '--pull=never', ...stack.services)
  const upSeconds = seconds()
  await firstCheckoutJoined(stack)
  provide('backend', backend)
  provide('start', { upSeconds, joinedSeconds: seconds(), missing: stack.missing })
  return async () => {
    const { code, stderr } = await stack.compose('down', '--volumes', '--remove-orphans', '--timeout=15')
    if (code !== 0) console.error(stderr)
  }
}

/** One checkout of the baseline that is in all three pillars, joined by its id. */
async function firstCheckoutJoined(stack: Stack): Promise<void> {
  const source = traceSource(stack)
  const shop = createClient(stack.url('API_PORT'))
  const checkout = await shop.checkout([{ sku: 'felt-lamp', quantity: 1 }], { userId: 'u003' })
  const traceId = checkout.headers.get('traceresponse')?.split('-')[1] ?? ''
  await eventually(
    `checkout ${traceId} is in traces, logs and metrics`,
    async () => {
      if ((await source.trace(traceId)) === undefined) throw new Error('no trace yet')
      if ((await logql(stack, `{service_name="api"} | trace_id="${traceId}"`)).length === 0)
        throw new Error('no logs yet')
      const counted = await promql(stack, 'shop_checkout_duration_seconds_count{service_name="api"} > 0')
      if (counted.length === 0) throw new Error('no metrics yet')
    },
    { withinMs: 90_000, everyMs: 100 },
  )
}
