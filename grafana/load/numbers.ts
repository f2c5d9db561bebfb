// Four numbers: does the load come as planned, and how do its users fare?
import { PercentUnit, RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { errorBudget, slo } from '../../services/kit/slo.ts'
import { colours } from '../colours.ts'
import { stat, thresholds, upTo } from '../panels.ts'
import { number } from '../sources.ts'
import { arrivals, leftOut, slowShareOfUsers, unseen } from './queries.ts'

/** Inside one machine a request is with its server within a millisecond or two, and the answer is back as quickly. */
const muchUnseenSeconds = 0.01

export const arrivalsStat = () =>
  stat('Arrivals a second')
    .description(
      'How many visitors k6 played each second, lately. They come as the plan says, however long the shop takes, and also while the baseline pauses for a proof or a lesson: then they come and ask for nothing. Those of a lesson count as well. If this number changes by itself, the load is not what you think it is.',
    )
    .withTarget(number(arrivals))
    .unit(RequestsPerSecond)
    .decimals(1)
    .thresholds(thresholds([null, colours.usual]))

export const leftOutStat = () =>
  stat('Arrivals left out')
    .description(
      'Visitors who should have come in the time range above, and for whom k6 had nobody left to play them. Usually 0. Otherwise the worst moments are missing from every number that users report: the true ones are worse than those shown. Next: see when, below.',
    )
    .withTarget(number(leftOut('$__range')))
    .unit(Short)
    .decimals(0)
    // An increase is an estimate: nothing at all may be calculated as a fraction of one.
    .thresholds(thresholds([null, colours.good], [0.5, colours.bad]))

export const slowStat = () =>
  stat(`Slower than ${slo.thresholdMs} ms, for users`)
    .description(
      `The share of checkouts that took their users longer than ${slo.thresholdMs} ms, in the time range above. On the page Checkout api says the same of itself; the two should agree. If users count more slow ones, they wait where api does not look. Next: the two curves below.`,
    )
    .withTarget(number(slowShareOfUsers))
    .unit(PercentUnit)
    .decimals(2)
    .thresholds(thresholds(...upTo(errorBudget / 2)))

export const unseenStat = () =>
  stat('Not seen by the server')
    .description(
      'How much longer a checkout takes its user than api says, on average over the time range above. Some milliseconds are the way there and back. More is time that passes before api looks at the request, or while its process does something else. Next: see when, below, and then Runtime.',
    )
    .withTarget(number(unseen('$__range')))
    .unit(Seconds)
    .decimals(1)
    .thresholds(thresholds([null, colours.good], [muchUnseenSeconds, colours.warning]))
