// What a service needs to go on: a connection, its event loop, and answers of those that it calls.
import { RequestsPerSecond, Short } from '@grafana/grafana-foundation-sdk/units'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { colours, whoIsWho } from '../colours.ts'
import { dashboardUrl } from '../dashboard.ts'
import { dashed, link, painted, paintedBy, paintedByName, secondsTimeseries, timeseries } from '../panels.ts'
import { exploreUrl, lines, sources } from '../sources.ts'
import { spanTable } from '../span-table.ts'
import {
  callsByAddress,
  callsByAnswer,
  connectionsByState,
  instance,
  loopDelayMax,
  loopDelayP99,
  slowCallMs,
  slowCalls,
  waitingForConnection,
} from './queries.ts'

const ofInstance = `{{${instance}}}`

export const poolTimeseries = () =>
  timeseries('Connections to the database')
    .description(
      'The most requests that waited for a connection of the pool at once, the connections in use, and those left over. Calm, nobody waits. If requests wait while all connections are in use, somebody keeps them: find out who, and what for; a larger pool only lets more of them in. Next: Postgres says what these sessions do.',
    )
    .withTarget(lines('A', waitingForConnection, `${ofInstance} waiting`))
    .withTarget(lines('B', connectionsByState, `${ofInstance} {{${underscored(attributes.poolState)}}}`))
    .overrideByRegexp('/waiting$/', [...painted(colours.bad), { id: 'custom.lineWidth', value: 3 }])
    .overrideByRegexp('/used$/', painted(colours.good))
    .overrideByRegexp('/idle$/', painted(colours.neutral))
    .unit(Short)
    .links([link('Postgres', dashboardUrl('postgres'))])

export const loopTimeseries = () =>
  paintedByName(secondsTimeseries('Event loop: longest standstill, and p99 dashed'))
    .description(
      'How late a process was for what was due. It has one thread: while that is busy with one thing, nobody else is answered. 10 to 30 ms are normal. A peak is as long as everybody waited who came then; p99 leaves single ones out, and rises only when the process is late all the time. Next: Runtime.',
    )
    .withTarget(lines('A', loopDelayMax, ofInstance))
    .withTarget(lines('B', loopDelayP99, `${ofInstance} p99`))
    .overrideByRegexp('/p99$/', dashed)
    .dataLinks([link('Runtime', dashboardUrl('runtime', { service: '$service' }))])

/** By the answer; an address without one ends with its port. */
const answers = [
  [' 2\\d\\d$', colours.good],
  [' 4\\d\\d$', colours.warning],
  [' 5\\d\\d$', colours.bad],
  ['\\d{4,} *$', whoIsWho.payment],
] as const

export const callsTimeseries = () =>
  paintedBy(timeseries('Calls of others a second, by address and answer'), answers)
    .description(
      'How often the service asks others over HTTP, by address, and what they answered; no number behind the address means no answer, because it gave up or the connection broke. Answers of 400 and more, and more calls than requests, mean that it asks again; so do bursts. Calls that nobody waits for, such as those of queue consumers, are in here as well. Colours are answers; point at a line for its address. Next: the table on the right.',
    )
    .withTarget(
      lines(
        'A',
        callsByAnswer,
        ['server.address', 'server.port', attributes.status].map((name) => `{{${underscored(name)}}}`).join(' '),
      ),
    )
    .unit(RequestsPerSecond)
    .links([link('How long they take, by instance, in Explore', exploreUrl(sources.metrics, { expr: callsByAddress }))])

/** What slow ones may have in common. */
const inCommon = [
  { label: attributes.peerService, title: 'Called', width: 80 },
  { label: attributes.localPort, title: 'Local port', width: 80 },
  { label: attributes.instance, title: 'Instance', width: 90 },
]

export const slowCallsTable = () =>
  spanTable(`Calls and statements that took longer than ${slowCallMs} ms`, slowCalls, inCommon).description(
    `The newest waits of the service for somebody else that took longer than ${slowCallMs} ms, half of what a whole checkout may take: calls, statements, and waits for a connection, as their name says. Empty is good news. Look down each column: what do they have in common? Next: click one and open its trace.`,
  )
