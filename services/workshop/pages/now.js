// What is going on, asked for again and again while somebody looks at it.
import { getJson } from './api.js'
import { useCallback, useEffect, useRef, useState } from './html.js'

const everyMs = 1000
/** Who says nothing for so long is not there. */
const silentMs = 10_000

/** `answer` is that of /api/now, once there is one; `refresh` asks at once. */
export function useNow() {
  const [state, setState] = useState({})
  const asking = useRef()
  const refresh = useCallback(async () => {
    asking.current?.abort()
    const abort = new AbortController()
    asking.current = abort
    try {
      const answer = await getJson('/api/now', AbortSignal.any([abort.signal, AbortSignal.timeout(silentMs)]))
      setState({ answer })
    } catch (error) {
      if (error.name !== 'AbortError') setState((before) => ({ ...before, error }))
    }
  }, [])
  useEffect(() => {
    let timer
    let isOver = false
    const again = async () => {
      if (!document.hidden) await refresh()
      if (!isOver) timer = setTimeout(again, everyMs)
    }
    void again()
    return () => {
      isOver = true
      clearTimeout(timer)
      asking.current?.abort()
    }
  }, [])
  return { ...state, refresh }
}

/** The answer to a question whose answer does not change; asked again until there is one. */
export function useOnce(path) {
  const [got, setGot] = useState()
  useEffect(() => {
    let timer
    const ask = () =>
      getJson(path).then(setGot, () => {
        timer = setTimeout(ask, everyMs)
      })
    void ask()
    return () => clearTimeout(timer)
  }, [path])
  return got
}

/** Something that a button does: whether it is being done, and what was wrong with it. */
export function useDoing() {
  const [state, setState] = useState({ isBusy: false })
  const run = async (work) => {
    setState({ isBusy: true })
    try {
      await work()
      setState({ isBusy: false })
    } catch (error) {
      setState({ isBusy: false, problem: error.message })
    }
  }
  return { ...state, run }
}
