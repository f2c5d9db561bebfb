// Through the Collector: what comes in and goes out, what waits, what is lost, what is left out, and its memory.
import { BytesIEC, CountsPerSecond, PercentUnit, Short } from '@grafana/grafana-foundation-sdk/units'
import { backendBehind } from '../alerts/pipeline.ts'
import { colours, whoIsWho } from '../colours.ts'
import { dashboardUrl } from '../dashboard.ts'
import { dashed, link, painted, timeseries, timeseriesWithLimit } from '../panels.ts'
import { lines } from '../sources.ts'
import { surelyTraced } from './numbers.ts'
import {
  acceptedRate,
  forwardedShare,
  heap,
  type Kind,
  kinds,
  memory,
  overflows,
  queued,
  refusals,
  rejections,
  sentRate,
  tracedShare,
} from './queries.ts'

const colourOf: Record<Kind, string> = { spans: colours.good, points: colours.warning, lines: whoIsWho.inventory }

export const acceptedTimeseries = () => {
  const panel = timeseries('Accepted a second, and sent on (dashed)')
    .description(
      'Spans, measured points and log lines that the Collector takes each second, and what it hands to the backends. Level lines are normal, points in steps: k6 reports every 5 seconds. More points leave than come, because the Collector makes some of the spans. If a dashed line falls, its backend is away; if a solid one falls, ask the senders. Next: the queues, beside this.',
    )
    .unit(CountsPerSecond)
  for (const kind of kinds)
    panel
      .withTarget(lines(`accepted${kind}`, acceptedRate(kind), kind))
      .withTarget(lines(`sent${kind}`, sentRate(kind), `${kind} sent`))
      .overrideByRegexp(`/^${kind}/`, painted(colourOf[kind]))
  return panel.overrideByRegexp('/ sent$/', dashed)
}

const manyQueued = backendBehind.threshold

export const queueTimeseries = () =>
  timeseriesWithLimit('Waiting for a backend', manyQueued, colours.warning)
    .description(
      `Spans, points or lines that wait in the Collector until a backend takes them, by exporter. Nearly none is normal. Beyond the dashed line (${manyQueued}, where the alert BackendBehind goes off) that backend is away or too slow; nothing is lost until the queue is full, and what is looked for there is not there yet. Next: the log of that backend's container.`,
    )
    .withTarget(lines('A', queued, '{{exporter}}'))
    .overrideByRegexp('/prometheus/', painted(colourOf.points))
    .overrideByRegexp('/loki/', painted(colourOf.lines))
    .overrideByRegexp('/tempo|jaeger|zipkin/', painted(colourOf.spans))
    .unit(Short)

export const lostTimeseries = () =>
  timeseries('Refused and given up')
    .description(
      'What the Collector refused to take, and what it took and dropped: the backend would not have it, or the queue had no room. Counted over the last moments at each point, all kinds together. Lines at zero are normal. Something refused may come again; something dropped never does. Next: memory and queues at the same moment.',
    )
    .withTarget(lines('A', refusals('$__rate_interval'), 'refused at the door'))
    .withTarget(lines('B', rejections('$__rate_interval'), 'not taken by a backend'))
    .withTarget(lines('C', overflows('$__rate_interval'), 'no room in the queue'))
    .overrideByName('refused at the door', painted(colours.usual))
    .overrideByName('not taken by a backend', painted(colours.bad))
    .overrideByName('no room in the queue', painted(colours.warning))
    .unit(Short)

export const keptTimeseries = () =>
  timeseriesWithLimit('How much of what happens is kept', surelyTraced, colours.warning)
    .description(
      `Of the checkouts that api counts, the share that has a trace; of the spans that arrive, the share handed on to their backend. Both are at about 100 % when nothing is sampled: counts of different moments wobble by a percent, and a Collector that starts anew, which is marked, makes a short dip. Below the dashed line (${surelyTraced * 100} %) some requests leave no trace: you can look at those that do, and must not conclude from them what the others are like. Next: the same checkouts by outcome and duration, which are all counted.`,
    )
    .withTarget(lines('A', tracedShare('2m'), 'checkouts with a trace'))
    .withTarget(lines('B', forwardedShare('2m'), 'spans handed on'))
    .overrideByName('checkouts with a trace', painted(colours.good))
    .overrideByName('spans handed on', [...painted(colours.neutral), ...dashed])
    .unit(PercentUnit)
    .axisSoftMax(1.05)
    .dataLinks([link('All checkouts', dashboardUrl('checkout'))])

/** `limit_mib` less `spike_limit_mib` of the memory_limiter in infra/collector/collector.yaml: beyond that it refuses. */
const refusesBeyondBytes = (155 - 30) * 2 ** 20

export const memoryTimeseries = () =>
  timeseriesWithLimit("The Collector's memory", refusesBeyondBytes)
    .description(
      'What its program has allocated, and (dashed) what its process occupies. The allocated part moves up and down, well below the level line; when it reaches that, the Collector refuses what it is sent, rather than being killed. The process occupies more, and more evenly. Next: what is waiting in the queues, and what was refused.',
    )
    .withTarget(lines('A', heap, 'allocated'))
    .withTarget(lines('B', memory, 'process'))
    .overrideByName('allocated', painted(colours.good))
    .overrideByName('process', [...painted(colours.neutral), ...dashed])
    .unit(BytesIEC)
