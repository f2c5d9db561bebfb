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
  ['c', 'compare slow with fast'],
  ['Esc', 'clear the region'],
  ['p', 'pause or go on'],
]
const keysOfTrace = [
  ['j / ↓', 'next span'],
  ['k / ↑', 'previous span'],
  ['← / →', 'close or open a branch'],
  ['c', 'next span on the critical path'],
  ['l', 'go to the log'],
  ['b', 'open the trace that this one waited for'],
  ['d', 'what differs from a usual one'],
  ['/', 'find in spans'],
  ['Esc', 'close the details'],
  ['u', 'back to the list'],
]

const keysOfMetrics = [
  ['j / ↓', 'next of the slowest requests'],
  ['k / ↑', 'previous of the slowest requests'],
  ['Enter', 'open its trace'],
  ['/', 'go to the service'],
  ['r', '5, 15 or 60 minutes'],
  ['p', 'pause or go on'],
]
const keysOfLogs = [
  ['j / ↓', 'next line'],
  ['k / ↑', 'previous line'],
  ['Enter', 'show or hide its attributes'],
  ['t', 'open its trace'],
  ['/', 'find in the lines'],
  ['x', 'all patterns again'],
  ['p', 'pause or go on'],
]

const keysOfMap = [
  ['j / ↓', 'next call'],
  ['k / ↑', 'previous call'],
  ['Enter', 'open its traces'],
  ['m', '1, 5 or 15 minutes'],
  ['p', 'pause or go on'],
]
const keysOfCompare = [
  ['j / ↓', 'next operation'],
  ['k / ↑', 'previous operation'],
  ['Enter', 'show its spans in both, or all again'],
  ['← / →', 'close or open a branch of spans'],
  ['x', 'swap the two'],
  ['1', 'open the one on the left'],
  ['2', 'open the one on the right'],
  ['Esc', 'all spans again'],
  ['u', 'back to the list'],
]

const keysOf = {
  list: keysOfList,
  trace: keysOfTrace,
  metrics: keysOfMetrics,
  logs: keysOfLogs,
  map: keysOfMap,
  compare: keysOfCompare,
}

export const Shell = ({ page, actions, children }) => html`
  <${Frame} links=${links} page=${page} keys=${keysOf[page] ?? []} actions=${actions}>${children}<//>
`
