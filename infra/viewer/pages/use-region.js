// The region of the list that is compared, in the page and in its address.
import { toAddress } from './filters.js'
import { useRef, useState } from './html.js'
import { regionInAddress } from './region.js'

/**
 * One that was drawn (`select` is given what time the list shows) holds the list's range of time where it was, so that the
 * dots under it stay; clearing it lets go again.
 */
export function useRegion(filters, setFilters) {
  const [region, setRegion] = useState(regionInAddress)
  const before = useRef()
  const go = (next, range) => {
    const changed = { ...filters, ...range }
    toAddress(changed, next)
    setRegion(next)
    setFilters(changed)
  }
  return {
    region,
    select(next, shown) {
      if (shown === undefined) return go(next)
      before.current ??= { from: filters.from, to: filters.to }
      go(next, { from: String(shown.from), to: String(shown.to) })
    },
    clear() {
      // After a reload nobody knows what the range was before the region held it.
      const held = region?.from === undefined ? undefined : { from: '', to: '' }
      go(undefined, before.current ?? held)
      before.current = undefined
    },
  }
}
