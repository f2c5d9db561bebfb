// A metric and labels, as a player writes them down.

/** `shop.db.pool.waiting{service.name="inventory", shop.db.pool="orders"}`; undefined when it is none of that form. */
export function parseMetric(text: string): { metric: string; labels: Record<string, string> } | undefined {
  const [, metric, inside = ''] = /^\s*([\w.]+)\s*(?:\{(.*)\})?\s*$/.exec(text) ?? []
  if (metric === undefined) return undefined
  const labels: Record<string, string> = {}
  for (const part of inside.split(',').filter((one) => one.trim() !== '')) {
    const [, key, value] = /^\s*([\w.]+)\s*=\s*"([^"]*)"\s*$/.exec(part) ?? []
    if (key === undefined || value === undefined) return undefined
    labels[key] = value
  }
  return { metric, labels }
}
