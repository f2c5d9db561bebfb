// Fetches a trace, and again for a while: spans arrive late, and the whole trace may.
import { getJson } from './api.js'
import { useEffect, useState } from './html.js'
import { rootOf } from './tree.js'

const againMs = 1000
/** Services report every few seconds: spans of a younger trace may still be on their way, and so may the whole trace. */
const settledMs = 15_000

/**
 * { view } or { error }, or neither while it is being fetched for the first time. The page is called after the trace unless
 * it `isPartOfPage` only.
 */
export function useTrace(id, { isPartOfPage = false } = {}) {
  const [state, setState] = useState({})
  useEffect(() => {
    const abort = new AbortController()
    const openedAtMs = Date.now()
    let timer
    const load = async () => {
      try {
        const view = await getJson(`/api/traces/${encodeURIComponent(id)}`, abort.signal)
        performance.mark('trace received')
        const root = rootOf(view.trace.spans)
        if (!isPartOfPage) document.title = `${root.name} · Slow Sometimes`
        setState((before) => (isSame(before.view, view) ? before : { view }))
        if (Date.now() - root.endMs < settledMs) timer = setTimeout(load, againMs)
      } catch (error) {
        if (error.name === 'AbortError') return
        setState({ error })
        if (error.status === 404 && Date.now() - openedAtMs < settledMs) timer = setTimeout(load, againMs)
      }
    }
    void load()
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [id])
  return state
}

const isSame = (before, now) =>
  before?.trace.spans.length === now.trace.spans.length && before.logs.length === now.logs.length
