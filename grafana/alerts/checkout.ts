// The objective's budget: how many times faster than allowed it is being spent. Workshop windows in minutes, production ones
// in hours.
import { Short } from '@grafana/grafana-foundation-sdk/units'
import { errorBudgetInWords, slo } from '../../services/kit/slo.ts'
import { badCount, burnRate } from '../checkout/queries.ts'
import { dashboardLink } from '../dashboard.ts'
import type { Alert, Recorded, RuleGroup } from './alert.ts'

const objective = `${slo.objective * 100} % within ${slo.thresholdMs} ms`
const allowed = errorBudgetInWords

const inWords: Record<string, string> = {
  '1m': 'the last minute',
  '1h': 'the last hour',
  '6h': 'the last six hours',
  '24h': 'the last 24 hours',
}

const burnOver = (range: string) => `shop:checkout_burn:ratio_rate${range}`
const badOver = (range: string) => `shop:checkout_bad:increase${range}`
const burn = (range: string): Recorded => ({ name: burnOver(range), expr: burnRate(range) })

const runbook = {
  name: 'CheckoutBurn',
  means: `More than the ${allowed} of checkouts that the objective (${objective}) allows were too slow, or were answered with 500 and more. At 1 the allowance is spent just as planned; at 10 a month's allowance is gone in three days. Customers feel it: they wait, or get no order. Of several such alerts the one with the shortest window says what happens now, the longer ones what it has cost.`,
  isItReal: `A share needs a number to be a share of. See on ${dashboardLink('checkout')} how many checkouts there are a second: with one a second, a single slow one is a burn of more than 1 for a minute. Do not trust the median, or the average, to tell you: when few are slow, but badly, neither moves. If the curve below falls by itself, note the time and see whether it comes again, before you change anything.`,
  lookFirst: [
    `${dashboardLink('checkout')}: since when, how many, and are they slow or do they fail? Open two or three slow ones, and one quick one to compare. In the widest bar, does somebody work or wait?`,
    `Is it one service, one route, or one instance of several? ${dashboardLink('service')}`,
    `Other alerts that fire at the same time say where something waits, not yet why: sessions and connections on ${dashboardLink('postgres')}, a busy process on ${dashboardLink('runtime')}, somebody outside on ${dashboardLink('queue-and-bank')}.`,
    `Has the traffic changed, or only the answers? ${dashboardLink('load')}`,
  ],
  ends: 'Undoing what changed last: a release, a setting, a job that began, a kind of customer that is new. More instances help only where something is used up. Once the cause is gone the workshop alert ends within a minute; those over hours go on until their short window is clean, and what is spent stays spent.',
}

type Windows = Pick<Alert, 'name' | 'severity' | 'window' | 'threshold'> & {
  long: string
  short: string
  /** What the short window has to exceed; the same as the long one where it is not given. */
  stillOver?: number
}

const budgetAlert = (
  { long, short, threshold, stillOver = threshold, ...rest }: Windows,
  {
    condition = '',
    inWords: alsoInWords = '',
    ...timing
  }: Pick<Alert, 'forSeconds' | 'keepFiringForSeconds'> & { condition?: string; inWords?: string },
): Alert => ({
  ...rest,
  ...timing,
  comparison: '>',
  threshold,
  expr: `${burnOver(long)} > ${threshold} and ${burnOver(short)} > ${stillOver}${condition}`,
  summary: `Over ${inWords[long]} checkouts were slow or failed {{ $value | humanize }} times as often as the objective allows (${objective}), and it goes on.`,
  value: {
    expr: burnOver(long),
    legend: inWords[long] ?? long,
    unit: Short,
    says: `how many times faster than allowed the budget was spent over ${inWords[long]} (over ${short} it has to be above ${stillOver} as well${alsoInWords})`,
  },
  dashboard: 'checkout',
  runbook,
})

// Calm, 0 to 0.2 % of checkouts are slow (a burn of 0 to 0.2), by the design's limit 0.5 %; incidents make 2.9 to 10 % slow.
// Ten checkouts come a second, twenty while an incident is played.
// - To fire, 1.25 % of the last minute: 8 of 600, or 15 of 1200. A share `s` gets there after 60 s × 1.25 % / s: 26 s with
//   2.9 %, 8 s with 10 %. Then 20 s of `for`, up to 5 s until the next evaluation, and up to 3 s until a slow one is over,
//   exported and stored: some 50 s with 2.9 %, 32 s with 10 %. As slow ones do not come evenly, 95 of 100 incidents of 2.9 %
//   at 20/s fire within 70 s and 99 within 83 s, those of 5 % within 50 and 53 s (simulated).
// - Not when calm: 0.2 % are 1.2 a minute where 8 are needed. With 0.5 % it did not fire in 30 simulated hours.
// - Not because of one, two or three slow ones at once, even when there is nothing else yet to measure them by, as after a
//   start (3 of the first 100 are a burn of 3): more than five have to be slow within the minute.
// - Not because of something that heals within five seconds: the last slow one of it is over two seconds later, the short
//   window has forgotten that after ten more, and `for` takes 20 s during which every evaluation has to find it.
// - Over soon: the short window is clean 10 s after the last slow one. The alert is kept for another 15 s, because at 3 % of
//   ten a second one such window in twenty has no slow one in it by chance: it would flicker.
const workshop: RuleGroup = {
  name: 'checkout-workshop',
  recorded: [burn('10s'), burn('1m'), { name: badOver('1m'), expr: badCount('1m') }],
  alerts: [
    budgetAlert(
      {
        name: 'CheckoutBurn1m',
        severity: 'page',
        window: 'workshop',
        threshold: 1.25,
        long: '1m',
        short: '10s',
        stillOver: 0.5,
      },
      {
        forSeconds: 20,
        keepFiringForSeconds: 15,
        condition: ` and ${badOver('1m')} > 5`,
        inWords: ', by more than five checkouts',
      },
    ),
  ],
}

// As in chapter 5 of the SRE workbook, for an objective over 30 days: 14.4 spends 2 % of the budget in the long window of an
// hour, 6 spends 5 % in six hours, 3 spends 10 % in a day. The short window, a twelfth of it, ends the alert when the cause
// is gone. The workbook's last one, 1 over three days and 6 h, is left out: Prometheus here keeps a day, and a window of three
// would be the same day under another name. A minute of `for`, because these windows are as long as the data there is: of
// the first twenty checkouts of a new shop one slow one is a burn of 5.
const production: RuleGroup = {
  name: 'checkout-production',
  // Long windows need not be read every 5 s, but within the 15 s after which Prometheus takes a series for gone.
  intervalSeconds: 10,
  recorded: ['5m', '30m', '1h', '2h', '6h', '24h'].map(burn),
  alerts: (
    [
      { name: 'CheckoutBurn1h', severity: 'page', window: 'production', threshold: 14.4, long: '1h', short: '5m' },
      { name: 'CheckoutBurn6h', severity: 'page', window: 'production', threshold: 6, long: '6h', short: '30m' },
      { name: 'CheckoutBurn24h', severity: 'ticket', window: 'production', threshold: 3, long: '24h', short: '2h' },
    ] as const
  ).map((windows) => budgetAlert(windows, { forSeconds: 60 })),
}

export const checkoutGroups = [workshop, production]
