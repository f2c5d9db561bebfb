// What somebody has typed or was told, kept while they look at another page and come back.
import { useState } from './html.js'

/** As `useState`, for this tab. `undefined` forgets it. */
export function useKept(name, initial) {
  const [value, setValue] = useState(() => {
    const kept = sessionStorage.getItem(name)
    return kept === null ? initial : JSON.parse(kept)
  })
  const keep = (next) => {
    if (next === undefined) sessionStorage.removeItem(name)
    else sessionStorage.setItem(name, JSON.stringify(next))
    setValue(next)
  }
  return [value, keep]
}
