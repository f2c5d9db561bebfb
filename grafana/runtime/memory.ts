// Is a process short of memory? What it uses, what it cannot do without, and what clearing up costs.
import * as common from '@grafana/grafana-foundation-sdk/common'
import { BytesIEC, PercentUnit, Seconds } from '@grafana/grafana-foundation-sdk/units'
import { blockedSeconds } from '../alerts/processes.ts'
import { colours } from '../colours.ts'
import { painted, timeseries } from '../panels.ts'
import { lines } from '../sources.ts'
import { collectingShare } from './limits.ts'
import { processes, processName } from './loop.ts'
import { collectingByKind, heapLeft, heapUsed, kind, longestPause } from './queries.ts'

export const collectingTimeseries = () =>
  timeseries('Time in garbage collection, by kind')
    .description(
      `The share of its time that a process spends on clearing up memory, by kind of collection, of the process that spends most. Minor ones, of what was just made, are frequent and cheap: up to some per cent. Major ones go through everything that is kept. If these rise to ${collectingShare * 100} % and more, there is hardly any memory left, or very much is kept. Next: heap after collections, and the table for the process.`,
    )
    .withTarget(lines('A', collectingByKind, `{{${kind}}}`))
    .overrideByName('minor', painted(colours.usual))
    .overrideByName('incremental', painted(colours.warning))
    .overrideByName('major', painted(colours.bad))
    .unit(PercentUnit)
    .axisSoftMax(collectingShare / 2)

export const pauseTimeseries = () =>
  processes('Longest pause for garbage collection, at most', blockedSeconds)
    .description(
      'The longest collection was no longer than this: it was counted in the bucket that ends there, hence the steps. The process stands still meanwhile. 10 to 25 ms are normal. If a peak is as high as the standstill above at the same time, memory is the reason; if not, it is the work itself. Next: what is on the heap.',
    )
    .withTarget(lines('A', longestPause, processName))
    .lineInterpolation(common.LineInterpolation.StepAfter)
    .spanNulls(true)
    .unit(Seconds)

export const heapTimeseries = () =>
  processes('Heap in use')
    .description(
      'What is on the heap, garbage included: it goes up until a collection and down again, so a zigzag is healthy, and how high it goes says little. A process that reaches its limit spends more and more time on collections before it dies. Next: what a collection leaves over, on the right.',
    )
    .withTarget(lines('A', heapUsed, processName))
    .unit(BytesIEC)

export const keptTimeseries = () =>
  processes('Heap after collections')
    .description(
      'The least that was on the heap within a minute: what a process really keeps. Level is healthy. If it climbs for as long as you can see, and does not fall when traffic does, something is kept that nobody needs any more; it ends in ever longer pauses, and in a start anew, which is marked. Next: since when does it climb, and what was changed then?',
    )
    .withTarget(lines('A', heapLeft, processName))
    .unit(BytesIEC)
