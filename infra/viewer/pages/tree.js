// From a flat list of spans to the rows of the waterfall. No drawing here.

/**
 * Every span once, parents before children, children by start. Spans whose parent is missing come where the root is.
 * @returns rows: { span, depth, children, parent } with `children` the number of direct children
 */
export function rowsOf(spans) {
  const ids = new Set(spans.map((span) => span.spanId))
  const byParent = Map.groupBy(spans, (span) => (ids.has(span.parentSpanId) ? span.parentSpanId : undefined))
  const rows = []
  const seen = new Set()
  const visit = (span, depth) => {
    if (seen.has(span.spanId)) return
    seen.add(span.spanId)
    const children = byParent.get(span.spanId) ?? []
    rows.push({ span, depth, children: children.length })
    for (const child of children) visit(child, depth + 1)
  }
  for (const span of byParent.get(undefined) ?? []) visit(span, 0)
  // Spans that are each other's parent hang in no tree, but they are not to be lost.
  for (const span of spans) visit(span, 0)
  return rows
}

/** The rows that are not inside a closed branch. */
export function visibleRows(rows, closed) {
  let hiddenBelow = Number.POSITIVE_INFINITY
  return rows.filter(({ span, depth }) => {
    if (depth > hiddenBelow) return false
    hiddenBelow = closed.has(span.spanId) ? depth : Number.POSITIVE_INFINITY
    return true
  })
}

/** The root as the lens sees it: the SERVER span without a parent, else the first span without one, else the first. */
export function rootOf(spans) {
  const parentless = spans.filter((span) => span.parentSpanId === undefined)
  return parentless.find((span) => span.kind === 'server') ?? parentless[0] ?? spans[0]
}

/** Round steps for a time axis of so many ms. */
export function ticksOf(rangeMs, wanted) {
  const rough = rangeMs / wanted
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((candidate) => candidate >= rough)
  return Array.from({ length: Math.floor(rangeMs / step) + 1 }, (_, i) => i * step)
}

/** What is most telling besides the name: the statement, the address, the message. */
export function hintOf({ attributes, kind }) {
  const query = attributes['db.query.text']
  if (query !== undefined) return String(query).replace(/\s+/g, ' ')
  const peer = attributes['peer.service'] ?? attributes['server.address']
  if (kind === 'client' && peer !== undefined) return `${peer}${attributes['url.path'] ?? ''}`
  return String(attributes['error.type'] ?? '')
}

/** By span id, the stretches of a CLIENT span in which its SERVER child was not yet or no longer at work. */
export function gapsOf(spans) {
  const servers = new Map(spans.filter(({ kind }) => kind === 'server').map((span) => [span.parentSpanId, span]))
  const pairs = spans.filter(({ kind, spanId }) => kind === 'client' && servers.has(spanId))
  return new Map(pairs.map((span) => [span.spanId, gapsBetween(span, servers.get(span.spanId))]))
}

function gapsBetween(client, server) {
  const before = { fromMs: client.startMs, toMs: Math.min(server.startMs, client.endMs) }
  const after = { fromMs: Math.max(server.endMs, client.startMs), toMs: client.endMs }
  return [before, after].filter(({ fromMs, toMs }) => toMs > fromMs)
}
