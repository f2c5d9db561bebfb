// Waits until one checkout can be looked at in all three pillars: its trace, its log lines, and the metric it counts in.
import { setTimeout as sleep } from 'node:timers/promises'
import { metrics } from '../../services/kit/telemetry/names.ts'

/** Trace id of a checkout that the viewer has in traces, logs and metrics. Rejects only when `signal` aborts. */
export async function firstCheckout(viewerUrl: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    const traceId = await tracedCheckout(viewerUrl, signal)
    if (traceId !== undefined && (await hasLogs(viewerUrl, traceId, signal)) && (await hasMetric(viewerUrl, signal)))
      return traceId
    await sleep(50, undefined, { signal })
  }
}

async function tracedCheckout(viewerUrl: string, signal: AbortSignal): Promise<string | undefined> {
  const query = new URLSearchParams({ route: 'POST /api/checkout', limit: '1' })
  const body = (await ask(`${viewerUrl}/api/traces?${query}`, signal)) as { traces?: { traceId: string }[] } | undefined
  return body?.traces?.[0]?.traceId
}

async function hasLogs(viewerUrl: string, traceId: string, signal: AbortSignal): Promise<boolean> {
  const body = (await ask(`${viewerUrl}/api/logs?traceId=${traceId}`, signal)) as { logs?: unknown[] } | undefined
  return (body?.logs?.length ?? 0) > 0
}

async function hasMetric(viewerUrl: string, signal: AbortSignal): Promise<boolean> {
  const body = (await ask(`${viewerUrl}/api/series?metric=${metrics.checkoutDuration}`, signal)) as
    | { series?: { points: unknown[] }[] }
    | undefined
  return body?.series?.some(({ points }) => points.length > 0) ?? false
}

/** The JSON answer, or nothing while the viewer is not there yet or has nothing to show. */
async function ask(url: string, signal: AbortSignal): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) })
    return response.ok ? await response.json() : void (await response.body?.cancel())
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
