// The viewer's pages in the frame that they share, each with what the keyboard does there.
import { Frame } from './frame.js'
import { html } from './html.js'

const links = [
  { id: 'list', href: '/', text: 'Traces' },
  { id: 'metrics', href: '/metrics', text: 'Metrics' },
  { id: 'logs', href: '/logs', text: 'Logs' },
  { id: 'map', href: '/map', text: 'Map' },
]

const keysOfList = [
  ['j / ↓', 'next trace'],
  ['k / ↑', 'previous trace'],
  ['Enter', 'open the trace'],
  ['/', 'go to the filters'],
  ['s', 'newest or slowest first'],
  ['e', 'only errors, or all'],
  ['p', 'pause or go on'],
]
const keysOfTrace = [
  ['j / ↓', 'next span'],
  ['k / ↑', 'previous span'],
  ['← / →', 'close or open a branch'],
  ['c', 'next span on the critical path'],
  ['l', 'go to the log'],
  ['b', 'open the trace that this one waited for'],
  ['/', 'find in spans'],
  ['Esc', 'close the details'],
  ['u', 'back to the list'],
]

const keysOf = { list: keysOfList, trace: keysOfTrace }

export const Shell = ({ page, actions, children }) => html`
  <${Frame} links=${links} page=${page} keys=${keysOf[page] ?? []} actions=${actions}>${children}<//>
`
