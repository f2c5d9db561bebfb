// Which trace an answer belongs to, by its `traceresponse` header. Pure: Node and k6 read it alike.

/** Nothing when the header is missing or malformed; `isUntraced` when the shop does not record that trace. */
export function traceOf(header: string | undefined): { traceId?: string; isUntraced?: true } {
  const [, traceId, flags = ''] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(header ?? '') ?? []
  if (traceId === undefined) return {}
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1
  return isSampled ? { traceId } : { traceId, isUntraced: true }
}
