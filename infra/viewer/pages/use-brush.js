// Drawing a box over something with a mouse, a pen or a finger.
import { useRef, useState } from './html.js'
import { useKeys } from './keys.js'

/** A pointer that moves less than so many px was meant to click. */
const slackPx = 5

/**
 * `box` is being drawn (fractions of the element: left, right, top, bottom) or undefined; `handlers` go on the element.
 * `onStart` is called when the drawing begins, `onDone` with the box when it is over, `onCancel` when it came to nothing.
 */
export function useBrush({ onStart, onDone, onCancel }) {
  const [box, setBox] = useState()
  const pressed = useRef()
  const hasDrawn = useRef(false)
  const stop = () => {
    pressed.current = undefined
    setBox(undefined)
  }
  // What is being drawn goes before the page gets to hear of it, which would clear the region that is there.
  useKeys(
    {
      Escape: () => {
        if (box === undefined) return false
        stop()
        onCancel()
      },
    },
    { isFirst: true },
  )
  const handlers = {
    onPointerDown: (event) => {
      hasDrawn.current = false
      if (event.button === 0 && event.isPrimary) pressed.current = event
    },
    onPointerMove: (event) => {
      // It was let go outside, before anything was drawn.
      if (event.buttons === 0 && box === undefined) pressed.current = undefined
      const from = pressed.current
      if (from === undefined || event.pointerId !== from.pointerId) return
      if (box === undefined) {
        if (Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) < slackPx) return
        hasDrawn.current = true
        event.currentTarget.setPointerCapture(event.pointerId)
        onStart()
      }
      setBox(boxBetween(event.currentTarget.getBoundingClientRect(), from, event))
    },
    onPointerUp: () => {
      if (box !== undefined) onDone(box)
      stop()
    },
    onPointerCancel: () => {
      stop()
      onCancel()
    },
    // A dot is a link: neither the end of a box on it nor its beginning is a click or a dragged link.
    onClickCapture: (event) => {
      if (!hasDrawn.current) return
      event.preventDefault()
      event.stopPropagation()
    },
    onDragStart: (event) => event.preventDefault(),
  }
  return { box, handlers }
}

function boxBetween({ left, top, width, height }, a, b) {
  const fraction = (value) => Math.min(1, Math.max(0, value))
  const [x, y] = [
    [a, b].map((at) => fraction((at.clientX - left) / width)),
    [a, b].map((at) => fraction((at.clientY - top) / height)),
  ]
  return { left: Math.min(...x), right: Math.max(...x), top: Math.min(...y), bottom: Math.max(...y) }
}
