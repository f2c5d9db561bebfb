// Keeps a page fresh until somebody pauses it: the asking again and again, and the button that stops it.
import { html, useEffect, useRef, useState } from './html.js'

/**
 * What `load` (given an AbortSignal) answered last as `{ found }`, beside an `error` when it failed since. It is asked when
 * `asked`, a text, becomes another one, and again every `everyMs` until paused. A hidden tab asks for nothing.
 */
export function useFresh(load, asked, { isPaused, everyMs }) {
  const [state, setState] = useState({})
  const shown = useRef()
  const latest = useRef()
  latest.current = { load, isStill: isPaused && shown.current === asked }
  useEffect(() => {
    const abort = new AbortController()
    let timer
    let isAsking = false
    const ask = async () => {
      try {
        const found = await latest.current.load(abort.signal)
        if (abort.signal.aborted || latest.current.isStill) return
        shown.current = asked
        setState({ found })
      } catch (error) {
        if (error.name !== 'AbortError') setState((before) => ({ ...before, error }))
      }
    }
    // One question at a time: whoever takes long to answer is not asked more than it can say.
    const again = async () => {
      clearTimeout(timer)
      if (document.hidden || isAsking) return
      isAsking = true
      // The page says that it is paused a moment before the timer is stopped.
      if (!latest.current.isStill) await ask()
      isAsking = false
      if (!isPaused && !abort.signal.aborted) timer = setTimeout(again, everyMs)
    }
    document.addEventListener('visibilitychange', again)
    void again()
    return () => {
      abort.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', again)
    }
  }, [asked, isPaused, everyMs])
  return state
}

export function PauseButton({ isPaused, isFailing, onToggle }) {
  const state = isFailing ? 'failing' : isPaused ? 'paused' : 'live'
  const text = { failing: 'No answer', paused: 'Paused', live: 'Live' }[state]
  return html`<button class="live" data-state=${state} aria-pressed=${isPaused} onClick=${onToggle} title="Pause or go on (p)">
    <span class="dot" aria-hidden="true"></span>${text}<span class="visually-hidden">: ${isPaused ? 'go on' : 'pause'} refreshing</span>
  </button>`
}

/** Moves the focus among the elements that `selector` finds; to the first one when none of them has it. */
export function moveFocus(selector, step) {
  const all = [...document.querySelectorAll(selector)]
  const at = all.indexOf(document.activeElement)
  all[at === -1 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))]?.focus()
}
