// Why three windows cannot be trusted to show what the scenario does, whatever the evidence in them says. Pure.
import { designBounds, type ImpactBounds, isSlow } from '../lens/evidence.ts'
import { median } from '../lens/statistics.ts'
import { inMs, percent } from '../lens/text.ts'
import type { WindowName } from '../lens/verdict.ts'
import type { DriverFacts } from './driver-facts.ts'
import type { ObservedWindow } from './recording.ts'

/** Above this the driver was short of CPU, and what it measured is its own lateness. */
export const mostStartLagMs = 50
/** A quiet machine stays below 5 ms; above this somebody else is using its cores. */
const busyStartLagMs = 12
/** A calm checkout of a quiet machine stays below this; above it everything takes longer, for whatever reason. */
const quietMedianMs = 100
/** Beyond this share (0–1) of arrivals something else is wrong than what is to be shown. */
const mostFailing = 0.01
const mostTracesMissing = 0.02

/** A sentence for each doubt; empty when the windows can be trusted. Any of them makes a verdict inconclusive. */
export function doubtsAbout(
  windows: Record<WindowName, ObservedWindow>,
  overrides: Partial<ImpactBounds> = {},
): string[] {
  const bounds = { ...designBounds, ...overrides }
  const names = ['calm', 'armed', 'reset'] as const
  return [
    ...names.flatMap((name) => about(name, driverDoubts(windows[name].facts, bounds))),
    ...about('calm', calmDoubts(windows.calm, bounds)),
    ...about('reset', slowMachineDoubts(windows.reset, bounds.calmMedianMsAtMost)),
  ]
}

/** Sentences on why a failure may be the machine's: the windows are good enough to have shown what held, not more. */
export function busyDoubts(windows: Record<WindowName, ObservedWindow>): string[] {
  return names.flatMap((name) => {
    const { startLagP99Ms } = windows[name].facts
    const isBusy = startLagP99Ms > busyStartLagMs && startLagP99Ms <= mostStartLagMs
    return about(name, [
      ...(isBusy
        ? [`the machine was busy: 1 % of checkouts were sent more than ${inMs(startLagP99Ms)} after their time`]
        : []),
      ...(name === 'armed' ? [] : slowMachineDoubts(windows[name], quietMedianMs)),
    ])
  })
}

const names = ['calm', 'armed', 'reset'] as const
const about = (name: WindowName, doubts: string[]): string[] => doubts.map((doubt) => `${name}: ${doubt}`)

function driverDoubts(facts: DriverFacts, { fewestSamples }: ImpactBounds): string[] {
  const { arrivals, startLagP99Ms, unanswered, failed, tracesMissing } = facts
  const answered = arrivals - unanswered
  const lag = `1 % of checkouts were sent more than ${inMs(startLagP99Ms)} after their time (at most ${mostStartLagMs} ms)`
  return [
    answered < fewestSamples ? `${answered} checkouts were answered, ${fewestSamples} are needed` : [],
    startLagP99Ms > mostStartLagMs ? `the driver was late: ${lag}` : [],
    unanswered > arrivals * mostFailing ? `${unanswered} of ${arrivals} checkouts were not sent, or not answered` : [],
    failed > arrivals * mostFailing ? `${failed} of ${arrivals} checkouts were answered with a server error` : [],
    tracesMissing > arrivals * mostTracesMissing
      ? `${tracesMissing} of ${answered} traces were not complete in time`
      : [],
  ].flat()
}

function calmDoubts(window: ObservedWindow, bounds: ImpactBounds): string[] {
  const share = window.samples.filter(isSlow).length / window.samples.length
  const slow = `${percent(share)} of checkouts were slow with nothing armed (at most ${percent(bounds.calmSlowShareAtMost)})`
  return [
    ...slowMachineDoubts(window, bounds.calmMedianMsAtMost),
    ...(share > bounds.calmSlowShareAtMost ? [slow] : []),
  ]
}

/** A change that was not undone makes some checkouts slow; one that makes all of them slow is a machine short of CPU. */
function slowMachineDoubts({ samples }: ObservedWindow, atMostMs: number): string[] {
  const medianMs = median(samples.map(({ latencyMs }) => latencyMs))
  if (medianMs <= atMostMs) return []
  return [`the machine was slow: median checkout ${inMs(medianMs)} (at most ${atMostMs} ms)`]
}
