// Which alerts fire right now. Those with production windows take hours and are left out: a workshop is over by then.

type Answer = { data: { alerts: { state: string; labels: Record<string, string> }[] } }

/** @throws Error when Prometheus does not answer. */
export async function firingAlerts(prometheus: URL): Promise<string[]> {
  const response = await fetch(new URL('/api/v1/alerts', prometheus), { signal: AbortSignal.timeout(5000) })
  if (!response.ok) throw new Error(`Prometheus answered ${response.status} when asked for its alerts.`)
  const { alerts } = ((await response.json()) as Answer).data
  const firing = alerts.filter(({ state, labels }) => state === 'firing' && labels.window !== 'production')
  return [...new Set(firing.map(({ labels }) => labels.alertname ?? ''))]
}
