// Six numbers: is the Collector there, is anything refused, given up, waiting or left out, and how late is it?
import { PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { colours } from '../colours.ts'
import { stat, thresholds } from '../panels.ts'
import { number } from '../sources.ts'
import { ageOfNewest, answers, fullestQueue, overflows, refusals, rejections, tracedShare } from './queries.ts'

/** Both counts arrive every few seconds, but not in the same ones: they differ by a percent while nothing is missing. */
export const surelyTraced = 0.98
/** Of a queue of 500,000. A hundredth is some ten seconds of telemetry, which no healthy backend leaves lying. */
const muchQueued = 0.01
/** An increase is an estimate: nothing at all may be calculated as a fraction of one. */
const one = 0.5
/** Three reports in a row that did not arrive. */
const lateSeconds = 6

export const answersStat = () =>
  stat('Collector answers')
    .description(
      'The share of the time range above in which the Collector answered Prometheus, which asks every 5 seconds. 100 % is normal; less is a restart, or a Collector that is gone. While it is gone nothing new arrives: an empty panel then says nothing about the shop. Next: the gaps in the panels at the bottom.',
    )
    .withTarget(number(answers))
    .unit(PercentUnit)
    .decimals(1)
    .max(1)
    .thresholds(thresholds([null, colours.bad], [0.99, colours.warning], [1, colours.good]))

export const tracedStat = () =>
  stat('Checkouts traced')
    .description(
      'Of the checkouts that api counts, the share whose span arrived, over the time range above: about 100 % when every request leaves a trace. Less means that somebody decides which ones do: ask who decides, by what, and whether the slow ones are among those left out. Next: since when, below.',
    )
    .withTarget(number(tracedShare('$__range')))
    .unit(PercentUnit)
    .decimals(1)
    .thresholds(thresholds([null, colours.warning], [surelyTraced, colours.good]))

export const refusedStat = () =>
  stat('Refused at the door')
    .description(
      'Spans, points and lines that the Collector did not take in the time range above: it had no memory, or no room in a queue. Usually 0. Whoever sent them may try again, so not all of them are lost; those that are lost are missing everywhere. Next: is its memory at the limit, or a queue full, below?',
    )
    .withTarget(number(refusals('$__range')))
    .unit(Short)
    .decimals(0)
    .thresholds(thresholds([null, colours.good], [one, colours.warning]))

export const lostStat = () =>
  stat('Given up')
    .description(
      'Spans, points and lines that the Collector had taken and then dropped in the time range above, because a backend would not have them or its queue was full. Usually 0. These are gone: what is missing then is a hole in what you see, not in the shop. Next: see when and why, below.',
    )
    .withTarget(number(`${rejections('$__range')} + ${overflows('$__range')}`))
    .unit(Short)
    .decimals(0)
    .thresholds(thresholds([null, colours.good], [one, colours.bad]))

export const queueStat = () =>
  stat('Fullest queue')
    .description(
      'How full the fullest queue for a backend was, at most, in the time range above. Close to 0 % is normal: everything is handed on at once. More means that a backend is away or slow; its telemetry is kept and arrives later, in order. At 100 % it is dropped. Next: which backend, below.',
    )
    .withTarget(number(fullestQueue))
    .unit(PercentUnit)
    .decimals(2)
    .thresholds(thresholds([null, colours.good], [muchQueued, colours.warning], [0.5, colours.bad]))

export const ageStat = () =>
  stat('Age of newest point')
    .description(
      'How old the newest measurement in Prometheus is, of the process whose news are oldest: as late as that you see everything on these pages. Two or three seconds are normal, because processes report every two. Somebody silent for 15 seconds is no longer counted here. Next: who reports less than the others, at the bottom.',
    )
    .withTarget(number(ageOfNewest))
    .unit(Seconds)
    .decimals(1)
    .thresholds(thresholds([null, colours.good], [lateSeconds, colours.warning]))
