// Six numbers: is the objective met, how fast is it being lost, and at which traffic?
import { PercentUnit, RequestsPerSecond, Short } from '@grafana/grafana-foundation-sdk/units'
import { errorBudget, errorBudgetInWords, slo } from '../../services/kit/slo.ts'
import { sessionsInLine } from '../alerts/database.ts'
import { colours } from '../colours.ts'
import { spansLink, stat, thresholds, upTo } from '../panels.ts'
import { number } from '../sources.ts'
import {
  burnRate,
  checkoutRate,
  checkoutsOver,
  failedShare,
  goodShare,
  mostSessionsWaiting,
  slowShare,
} from './queries.ts'

const limit = `${slo.thresholdMs} ms`
const objective = `${slo.objective * 100} %`

export const goodStat = () =>
  stat('Good checkouts')
    .description(
      `The promise: ${objective} of checkouts succeed within ${limit}. This is the share that did, in the time range above. A customer's own mistake, such as a declined card, is no failure; an answer of 500 and more is.`,
    )
    .withTarget(number(goodShare('$__range')))
    .unit(PercentUnit)
    .decimals(2)
    .max(1)
    .thresholds(thresholds([null, colours.bad], [slo.objective, colours.good]))

export const burnStat = () =>
  stat('Error budget burn')
    .description(
      `How fast the ${errorBudgetInWords} that may go wrong is being used up, over the last 5 minutes: 1 is exactly what the promise allows, 10 uses up a month's allowance in three days.`,
    )
    .withTarget(number(burnRate('5m')))
    .unit(Short)
    .decimals(1)
    .thresholds(thresholds([null, colours.good], [1, colours.warning], [10, colours.bad]))

export const rateStat = () =>
  stat('Checkouts a second')
    .description(
      'How many checkouts are answered each second, whatever the answer. If this changes together with the latency, first ask what else the new traffic does.',
    )
    .withTarget(number(checkoutRate))
    .unit(RequestsPerSecond)
    .decimals(1)
    .thresholds(thresholds([null, colours.usual]))

export const slowStat = () =>
  stat(`Slower than ${limit}`)
    .description(
      `The share of checkouts that took longer than ${limit}, in the time range above. The median does not notice a few slow ones; this does. Next: open one of them in the table below.`,
    )
    .withTarget(number(slowShare))
    .unit(PercentUnit)
    .decimals(2)
    .thresholds(thresholds(...upTo(errorBudget / 2)))
    .links([spansLink('All slow checkouts, in Explore', checkoutsOver(`${slo.thresholdMs}ms`))])

export const failedStat = () =>
  stat('Failed')
    .description(
      'The share of checkouts answered with 500 and more: the shop broke its word, not the customer. Slow and failed are different illnesses; a deadline turns the first into the second.',
    )
    .withTarget(number(failedShare))
    .unit(PercentUnit)
    .decimals(2)
    .thresholds(thresholds(...upTo(errorBudget / 2)))

export const waitingStat = () =>
  stat('Most sessions waiting')
    .description(
      'The most database sessions that waited for another session at one moment of the time range. One at most: nobody queues in the database, so look elsewhere. More: see when, below, and read what Postgres logged about it.',
    )
    .withTarget(number(mostSessionsWaiting))
    .unit(Short)
    .decimals(1)
    .thresholds(thresholds([null, colours.good], [sessionsInLine, colours.warning]))
