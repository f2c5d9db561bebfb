// Does the load come as planned? What is sent and what is answered, who was left out, and how many users are busy.
import { RequestsPerSecond, Short } from '@grafana/grafana-foundation-sdk/units'
import { colours, whoIsWho } from '../colours.ts'
import { dashboardUrl } from '../dashboard.ts'
import { dashed, link, painted, paintedBy, timeseries } from '../panels.ts'
import { lines } from '../sources.ts'
import { answeredByRoute, leftOut, routeLabels, sentByStep, usersBusy, usersMade } from './queries.ts'

/** A step of the users and the route that answers it have one colour. */
const steps = [
  ['sign-in|session', colours.neutral],
  ['cart', colours.usual],
  ['checkout', colours.good],
  ['quote|GET .*checkout', colours.warning],
  ['products', whoIsWho.inventory],
] as const

export const sentTimeseries = () =>
  paintedBy(timeseries('Requests a second, and answers (dashed)'), steps)
    .description(
      'Solid: what the users send, by step. Dashed, in the same colour: what api answers, by route. Each dashed line lies on its solid one, and all are level. If api answers less, requests pile up before it; if it answers more, somebody else sends as well. During a proof the users pause, and the workshop sends instead; during a lesson those of the baseline do. Next: the two panels beside this one.',
    )
    .withTarget(lines('A', sentByStep, '{{name}}'))
    .withTarget(lines('B', answeredByRoute, `api: ${routeLabels.map((label) => `{{${label}}}`).join(' ')}`))
    .unit(RequestsPerSecond)
    .dataLinks([link('How api is doing', dashboardUrl('service', { service: 'api' }))])
    .overrideByRegexp('/^api: /', dashed)

export const leftOutTimeseries = () =>
  timeseries('Arrivals left out')
    .description(
      'Arrivals that k6 could not play because all its users were still waiting for answers, counted over the last moments at each point. A line at zero is how it should be. A peak means that more should have come just then: what users report of that moment is too good. Next: were all users busy, beside this?',
    )
    .withTarget(lines('A', leftOut('$__rate_interval'), 'left out'))
    .overrideByName('left out', painted(colours.bad))
    .unit(Short)

export const usersTimeseries = () =>
  timeseries('Users busy, and users made')
    .description(
      'How many of the users that k6 has made so far are playing a visit, looked at once a second. One or two are busy while the shop is quick: arrivals a second × seconds a visit. When the baseline needs more it makes more, up to the `maxVUs` of loadtest/baseline.k6.ts; a lesson has all of its users from the beginning. Beyond them arrivals are left out. Next: how long visits take, below.',
    )
    .withTarget(lines('A', usersBusy, 'busy'))
    .withTarget(lines('B', usersMade, 'made so far'))
    .overrideByName('busy', painted(colours.good))
    .overrideByName('made so far', [...painted(colours.neutral), ...dashed])
    .unit(Short)
