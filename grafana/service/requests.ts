// What a service is asked, how often and how long that takes: by route, by instance, by caller.
import { RequestsPerSecond } from '@grafana/grafana-foundation-sdk/units'
import { serviceNames } from '../../services/kit/telemetry/names.ts'
import { underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { colours, whoIsWho } from '../colours.ts'
import { dashboardUrl } from '../dashboard.ts'
import {
  clicked,
  dashed,
  linesLink,
  link,
  outOfLegend,
  painted,
  paintedBy,
  paintedByName,
  spansLink,
  timeseries,
} from '../panels.ts'
import { exploreUrl, lines, sources } from '../sources.ts'
import {
  complaints,
  failedByRoute,
  failedRate,
  instance,
  quantileByInstance,
  quantileByRoute,
  rateByCaller,
  rateByInstance,
  rateByRoute,
  slowAnswers,
} from './queries.ts'
import { durations, toService } from './time.ts'

const route = `{{${underscored('http.request.method')}}} {{${underscored('http.route')}}}`
const ofInstance = `{{${instance}}}`
const itself = clicked(`__field.labels.${instance}`)

/** Routes by what they are for, so that those of all services behind one step of a customer have one colour. */
const purposes = [
  ['products|catalogue|price-list', whoIsWho.inventory],
  ['POST /quotes|GET /(api/checkout|eligibility)', colours.warning],
  ['POST /api/carts', colours.usual],
  ['POST /(api/checkout|reservations|authorisations)', colours.good],
  ['DELETE|orders|stock-report', whoIsWho.payment],
] as const

export const routesTimeseries = () =>
  paintedBy(durations('How long each route takes: p99, and the median dashed'), purposes)
    .description(
      'Of each route, 99 of 100 requests are quicker than its line, and half of them quicker than its grey dashed one. The service counts all of its requests here, whether they left a trace or not. p99 far above a median that stays where it was: few are slow, but badly, so look for what these have in common. Both rise: everything is slower. Next: do all instances do so? (on the right)',
    )
    .withTarget(lines('A', quantileByRoute(0.99), route))
    .withTarget(lines('B', quantileByRoute(0.5), `median ${route}`))
    .overrideByRegexp('/^median/', [...painted(colours.neutral), ...dashed, outOfLegend])
    .links([linesLink('Its warnings and errors, in Explore', complaints)])

export const instancesTimeseries = () =>
  paintedByName(durations('How long each instance takes, p99'))
    .description(
      'The same code, asked the same things: instances should lie on top of each other. One above the others is ill by itself, or what only it uses is; more instances would merely hide it. All up together: the code, or somebody they all wait for. Next: click the line for its slow requests, or for this page with that instance alone.',
    )
    .withTarget(lines('A', quantileByInstance(0.99), ofInstance))
    .dataLinks([
      link(`Only ${itself}`, dashboardUrl('service', { service: '$service', instance: itself })),
      link('Runtime of its service', dashboardUrl('runtime', { service: '$service' })),
      spansLink(`Slow requests of ${itself}, in Explore`, slowAnswers),
    ])

export const routeRatesTimeseries = () =>
  paintedBy(timeseries('Requests a second, by route, and failed ones'), purposes)
    .description(
      'How often each route is asked, and how many answers were 500 or more, of all routes together. A customer’s mistake, such as a declined card, is no failure. Failed is zero on a good day. A route that is asked more often than before has a caller that changed: compare with the callers on the right.',
    )
    .withTarget(lines('A', rateByRoute, route))
    .withTarget(lines('B', failedRate, 'failed'))
    .overrideByName('failed', [...painted(colours.bad), { id: 'custom.lineWidth', value: 3 }])
    .unit(RequestsPerSecond)
    .links([link('Which route failed, in Explore', exploreUrl(sources.metrics, { expr: failedByRoute }))])

export const instanceRatesTimeseries = () =>
  paintedByName(timeseries('Requests a second, by instance'))
    .description(
      'Callers take instances in turn, so each should get an equal share. One that gets less was refused, is starting, or answers so slowly that callers gave up on it; one that gets more carries the others. A line that ends is an instance that is gone. Next: Runtime shows whether it was started anew.',
    )
    .withTarget(lines('A', rateByInstance, ofInstance))
    .unit(RequestsPerSecond)
    .dataLinks([link(`Only ${itself}`, dashboardUrl('service', { service: '$service', instance: itself }))])

export const callersTimeseries = () =>
  paintedByName(timeseries('Who asks, requests a second'))
    .description(
      'Who sends the requests, as traces tell. `user` is whoever sends no trace, such as customers: as a caller of anything but api it means that a trace was broken on its way. `messaging_system` are jobs taken from the queue. More calls than before by one caller, with its own requests unchanged: it asks again, or one by one. Next: click the caller.',
    )
    .withTarget(lines('A', rateByCaller, '{{client}} {{connection_type}}'))
    .unit(RequestsPerSecond)
    .overrideByRegexp(`/^(${serviceNames.join('|')})\\b/`, toService('client'))
    // How `user` is known is of no interest here.
    .overrideByName('user virtual_node', [{ id: 'displayName', value: 'user' }])
