// The arrows of the map over time: since when are they slow, and are there more of them?
import { RequestsPerSecond } from '@grafana/grafana-foundation-sdk/units'
import { whoIsWho } from '../colours.ts'
import { dashboardUrl } from '../dashboard.ts'
import { dashed, leadingTo, link, paintedBy, secondsTimeseries, serviceLink, timeseries } from '../panels.ts'
import { lines } from '../sources.ts'
import { callsByEdge, edge, p99OfCalls, p99OfDatabase } from './queries.ts'

const legend = `{{${edge.client}}} → {{${edge.server}}}`
type Painted = ReturnType<typeof timeseries>

/** An arrow has the colour of the one it points to, which nearly everywhere is called by one alone. */
const paintedByCalled = (panel: Painted): Painted =>
  paintedBy(
    panel,
    colourOf((name) => `→ ${name}$`),
  ).overrideByRegexp('/→ erp$/', dashed)

const paintedByCaller = (panel: Painted): Painted =>
  paintedBy(
    panel,
    colourOf((name) => `^${name} →`),
  )

const colourOf = (arrow: (name: string) => string) =>
  Object.entries(whoIsWho).map(([name, colour]) => [arrow(name), colour] as const)

/** To the called service, or to the page about those outside. */
const leadingToCalled = (panel: Painted): Painted =>
  panel
    .dataLinks([serviceLink(edge.server)])
    .overrideByRegexp(
      '/→ (bank|erp)$/',
      leadingTo({ title: 'The bank and the wholesaler', url: dashboardUrl('queue-and-bank') }),
    )

export const slowTimeseries = () =>
  leadingToCalled(paintedByCalled(secondsTimeseries('How long a call takes, p99')))
    .description(
      'Of each kind of call, 99 % are quicker; the queue and the database are left out. Lines that rise together are one behind the other: the last of them on the map is where it begins. A line that rises alone, while those it leads to stay calm, is the called service itself. Next: click the line.',
    )
    .withTarget(lines('A', p99OfCalls, legend))

export const databaseTimeseries = () =>
  paintedByCaller(secondsTimeseries('How long the database takes, p99'))
    .description(
      'Statements by the service that sends them: 99 % are quicker. They include the wait for a row that somebody else holds, and not the wait for a connection. Usually some ten milliseconds at most. One line alone: that service does something else than the others, or wants the same rows as somebody. Next: Postgres.',
    )
    .withTarget(lines('A', p99OfDatabase, legend))
    .dataLinks([link('Who waits in the database', dashboardUrl('postgres')), serviceLink(edge.client)])

export const callsTimeseries = () =>
  leadingToCalled(paintedByCalled(timeseries('Calls a second')))
    .description(
      'How often each calls the other; the queue and the database are left out. Compare the lines: their proportions are fixed by what a checkout does. If one rises and the line before it does not, somebody asks more often than before, or asks again. Next: click the line, and look at the answers that are asked for again.',
    )
    .withTarget(lines('A', callsByEdge, legend))
    .unit(RequestsPerSecond)
