// What is done later: does anybody get round to it, how much is left, and how long does one job take?
import { Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { oldSeconds } from '../alerts/processes.ts'
import { colours } from '../colours.ts'
import {
  dashed,
  painted,
  paintedByName,
  secondsTimeseries,
  serviceLink,
  timeseries,
  timeseriesWithLimit,
} from '../panels.ts'
import { lines } from '../sources.ts'
import { ageByConsumer, jobsByState, processing } from './queries.ts'

const consumer = underscored(attributes.consumer)

export const ageTimeseries = () =>
  paintedByName(timeseriesWithLimit('Queue: age of the oldest job, by consumer', oldSeconds))
    .description(
      `How long the oldest job that nobody has begun with has been waiting since it was due; one that failed is due again after a pause. Usually next to nothing. A line that climbs is a consumer that does not keep up, or is gone; above the dashed line (${oldSeconds} s) it is a backlog. Every consumer has a queue of its own, so the other one need not notice. Next: that service.`,
    )
    .withTarget(lines('A', ageByConsumer, `{{${consumer}}}`))
    .dataLinks([serviceLink(consumer)])
    .unit(Seconds)

export const jobsTimeseries = () =>
  timeseries('Queue: jobs by state')
    .description(
      'Jobs of both queues, counted every few seconds: `ready` wait for somebody, `active` are being done, `deferred` are tried again later, `failed` are given up and need a person. A handful of the first two is usual; `ready` that grows is a backlog. Next: the age to the left says whose.',
    )
    .withTarget(lines('A', jobsByState, '{{pgboss_job_state}}'))
    .overrideByName('ready', painted(colours.warning))
    .overrideByName('active', painted(colours.usual))
    .overrideByName('failed', painted(colours.bad))
    .overrideByName('deferred', painted(colours.good))
    .overrideByName('blocked', painted(colours.neutral))
    .unit(Short)

export const processingTimeseries = () =>
  paintedByName(secondsTimeseries('Queue: how long a job takes, by queue'))
    .description(
      "p99 and (dashed) p50 of what a consumer needs for one job once it has begun with it. Inventory only writes to its tables; payment asks the bank to capture, so its line follows the bank's. A slow job makes a backlog only if there are more of them than workers. Next: the bank above, or the database.",
    )
    .withTarget(lines('A', processing(0.99), '{{messaging_destination_name}}, p99'))
    .withTarget(lines('B', processing(0.5), '{{messaging_destination_name}}, p50'))
    .overrideByRegexp('/p50/', dashed)
