// Four numbers: is the bank slow, the ERP, the queue, and was anything left unfinished?
import { PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { errorBudget } from '../../services/kit/slo.ts'
import { oldSeconds } from '../alerts/processes.ts'
import { colours } from '../colours.ts'
import { linesLink, spansLink, stat, thresholds, upTo } from '../panels.ts'
import { number } from '../sources.ts'
import {
  oldestJob,
  slowBankCalls,
  slowBankSeconds,
  slowBankShare,
  slowErpCalls,
  slowErpSeconds,
  slowErpShare,
  swept,
  sweptLines,
} from './queries.ts'

/** Consumers are woken for every job and look twice a second anyway: one that waits this long is the first of a backlog. */
const lateSeconds = oldSeconds / 10

/** As many as may be slow of the checkouts that wait for them. */
const share = (title: string) =>
  stat(title)
    .unit(PercentUnit)
    .decimals(2)
    .thresholds(thresholds(...upTo(errorBudget / 2)))

const slowCalls = (query: string) => spansLink('These calls, in Explore', query)

export const bankStat = () =>
  share(`Bank: calls over ${slowBankSeconds * 1000} ms`)
    .description(
      'The share of calls to the bank that took that long, at the bank or on the way, in the time range above. Usually none. Calls that the bank refused, and the wait until it is asked again, are not in it. Next: the row below splits it by part and by issuer.',
    )
    .withTarget(number(slowBankShare))
    .links([slowCalls(slowBankCalls)])

export const erpStat = () =>
  share(`ERP: questions over ${slowErpSeconds * 1000} ms`)
    .description(
      "The share of questions to the wholesaler's ERP that took that long, in the time range above. Usually none. Prices of business customers are asked there, and the list of prices when it is not in memory. Next: the row of the ERP below says who asks.",
    )
    .withTarget(number(slowErpShare))
    .links([slowCalls(slowErpCalls)])

export const oldestStat = () =>
  stat('Queue: oldest job')
    .description(
      'How long the oldest job of the time range had to wait until somebody began with it. Usually a fraction of a second. More is a backlog: customers have their answer, but stock and money are settled later. Next: the last row says whose jobs wait.',
    )
    .withTarget(number(oldestJob))
    .unit(Seconds)
    .decimals(1)
    .thresholds(thresholds([null, colours.good], [lateSeconds, colours.warning], [oldSeconds, colours.bad]))

export const sweptStat = () =>
  stat('Orders left unfinished')
    .description(
      'Orders of the time range whose checkout never came to an end, so that they were undone later. Usually none: a process died, or a deadline passed on the way back. Next: the lines about them, with the link in the title; each has the trace that undid it.',
    )
    .withTarget(number(swept))
    .unit(Short)
    .decimals(0)
    // An increase is an estimate: one order may be calculated as a little less.
    .thresholds(thresholds([null, colours.good], [0.5, colours.warning]))
    .links([linesLink('Lines about them, in Explore', sweptLines)])
