// Before the database: does a request get a connection, and how long does that take?
import { Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { toldAfterMs } from '../../services/kit/limits.ts'
import {
  dashed,
  outOfLegend,
  paintedByName,
  serviceLink,
  spansLink,
  timeseries,
  timeseriesWithLimit,
} from '../panels.ts'
import { lines } from '../sources.ts'
import { connectionsIdle, connectionsUsed, connectQuantile, requestsWaiting, slowConnects } from './queries.ts'

export const requestsTimeseries = () =>
  paintedByName(timeseries('Requests without a connection'))
    .description(
      'The most requests that waited at once for a connection of their instance. Usually 0. A peak: all its connections are lent. To whom, and what are they needed for? Next: compare with the state of sessions above, at the same time.',
    )
    .withTarget(lines('A', requestsWaiting, '{{service_instance_id}}'))
    .dataLinks([serviceLink('service_name')])
    .unit(Short)

export const poolTimeseries = () =>
  paintedByName(timeseries('Connections in use, and idle ones (dashed)'))
    .description(
      'Of each instance: the most connections that were in use at once, and, dashed in the same colour, the fewest that were idle. Idle ones are closed after a while, so a low dashed line alone means nothing. A flat top of the other one is a pool at its limit. Next: the panel to the left says whether anybody had to wait.',
    )
    .withTarget(lines('A', connectionsUsed, '{{service_instance_id}}'))
    .withTarget(lines('B', connectionsIdle, '{{service_instance_id}}: idle'))
    .overrideByRegexp('/: idle/', [...dashed, outOfLegend])
    .dataLinks([serviceLink('service_name')])
    .unit(Short)

const limitSeconds = toldAfterMs / 1000

export const connectTimeseries = () =>
  paintedByName(timeseriesWithLimit('Time until a request has a connection, p99', limitSeconds))
    .description(
      `99 % of requests have their connection sooner, usually within a few milliseconds. Above the dashed line (${toldAfterMs} ms) the service writes a line about it. This time passes outside of Postgres. Next: open a dot, or all such waits in Explore with the link in the title.`,
    )
    .withTarget(lines('A', connectQuantile, '{{service_name}}').exemplar(true))
    .links([spansLink('Waits for a connection, in Explore', slowConnects)])
    .dataLinks([serviceLink('service_name')])
    .unit(Seconds)
