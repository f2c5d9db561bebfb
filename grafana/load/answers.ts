// Do its users see what the server says? How long, how much longer than api believes, and with which answer.
import { PercentUnit, RequestsPerSecond, Seconds } from '@grafana/grafana-foundation-sdk/units'
import { errorBudget, errorBudgetInWords, slo } from '../../services/kit/slo.ts'
import { colours } from '../colours.ts'
import { dashboardUrl } from '../dashboard.ts'
import { dashed, link, painted, timeseries, timeseriesWithLimit } from '../panels.ts'
import { lines } from '../sources.ts'
import {
  checkoutsByStatus,
  failedShareOfServer,
  failedShareOfUsers,
  quantileOfServer,
  quantileOfUsers,
  unseen,
} from './queries.ts'

const limitSeconds = slo.thresholdMs / 1000

const quantiles = [
  [0.5, 'p50', colours.usual],
  [0.95, 'p95', colours.warning],
  [0.99, 'p99', colours.bad],
] as const

export const durationTimeseries = () => {
  const panel = timeseriesWithLimit('How long a checkout takes: for users, and as api says (dashed)', limitSeconds)
    .description(
      `Solid lines are measured by the users, dashed ones by api. All are estimated from the same buckets, which are wide (from 250 to 500 ms is one), so that the values are approximate, but the gap between two lines of a colour is real as long as nobody else sends (first panel of the row above): api counts everybody. Lines that lie on each other are normal. A gap is time before the server: its own curves stay calm while users wait. The level line is the promise of ${slo.thresholdMs} ms. Next: the gap by itself, beside this; for slow ones the page Checkout.`,
    )
    .unit(Seconds)
    .dataLinks([link('Slow checkouts', dashboardUrl('checkout'))])
  for (const [q, name, colour] of quantiles)
    panel
      .withTarget(lines(`${name}ofUsers`, quantileOfUsers(q), `users ${name}`))
      .withTarget(lines(`${name}ofServer`, quantileOfServer(q), `api ${name}`))
      .overrideByRegexp(`/${name}$/`, painted(colour))
  return panel.overrideByRegexp('/^api /', dashed)
}

export const unseenTimeseries = () =>
  timeseries('Time that the server does not see, on average')
    .description(
      'The average duration that users measure minus the one that api measures, over the last minute. Averages are exact, so a few milliseconds count, unless somebody else sends as well: api’s average then has theirs in it, too, and only a gap that is large and lasts means something. Below zero is not drawn. Level and close to zero is normal. If it rises, requests wait until api has time to look at them: a queue that no span and no histogram of api shows. Next: Runtime, does its event loop stand still at these moments?',
    )
    .withTarget(lines('A', unseen('1m'), 'not seen'))
    .overrideByName('not seen', painted(colours.bad))
    .unit(Seconds)
    .axisSoftMax(0.02)
    .dataLinks([link('Does the event loop stand still?', dashboardUrl('runtime'))])

export const statusTimeseries = () =>
  timeseries('Checkouts a second, by the status that users get')
    .description(
      'What users get for a checkout: 201 is an order, a few of 400 to 499 are everyday business such as a declined card, 500 and more is the shop that failed, 0 is no answer at all. Anything new here, or 201 falling while another one rises, is an incident of its own. Next: the page Checkout says which outcome it was.',
    )
    .withTarget(lines('A', checkoutsByStatus, '{{status}}'))
    .overrideByRegexp('/^2/', painted(colours.good))
    .overrideByRegexp('/^4/', painted(colours.neutral))
    .overrideByRegexp('/^5/', painted(colours.bad))
    .overrideByRegexp('/^0$/', painted(colours.warning))
    .unit(RequestsPerSecond)
    .dataLinks([link('What became of them', dashboardUrl('checkout'))])

export const failedTimeseries = () =>
  timeseriesWithLimit('Failed checkouts: for users, and as api says (dashed)', errorBudget)
    .description(
      `The share of checkouts that failed: for users an answer of 500 and more, or none; as api says, an answer of 500 and more. Both are usually at zero; the level line is what the promise allows, ${errorBudgetInWords}. Failures that only users see never reached api, or got no answer from it. Next: the logs at the bottom of the page Checkout.`,
    )
    .withTarget(lines('A', failedShareOfUsers, 'users'))
    .withTarget(lines('B', failedShareOfServer, 'api'))
    .overrideByName('users', painted(colours.bad))
    .overrideByName('api', [...painted(colours.good), ...dashed])
    .unit(PercentUnit)
    .dataLinks([link('Why', dashboardUrl('checkout'))])
