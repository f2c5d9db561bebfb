// Keyboard shortcuts: one listener on the document, silent while somebody types or a dialog is open.
import { useLayoutEffect, useRef } from './html.js'

/**
 * `bindings`: from `KeyboardEvent.key` to what it does; `false` says that it did nothing. Escape also works inside a field. With
 * `isFirst` the others do not get what was done here.
 */
export function useKeys(bindings, { isFirst = false } = {}) {
  const current = useRef(bindings)
  current.current = bindings
  // Before the page is painted: whoever sees it may already type.
  useLayoutEffect(() => {
    const onKey = (event) => {
      const action = current.current[event.key]
      if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      if (document.querySelector('dialog[open]') !== null) return
      if (isField(event.target) && event.key !== 'Escape') return
      if (action(event) === false) return
      event.preventDefault()
      if (isFirst) event.stopImmediatePropagation()
    }
    document.addEventListener('keydown', onKey, { capture: isFirst })
    return () => document.removeEventListener('keydown', onKey, { capture: isFirst })
  }, [])
}

const isField = (target) => target.matches?.('input:not([type=checkbox]), select, textarea') ?? false
