// Where to look next: the slow checkouts themselves, who waits in the database, and what was logged about it.
import { Short } from '@grafana/grafana-foundation-sdk/units'
import { logs, paintedByName, spansLink, timeseries } from '../panels.ts'
import { lines } from '../sources.ts'
import { spanTable } from '../span-table.ts'
import { checkoutsOver, notableLines, waitingSessions } from './queries.ts'

export const newestSlowTable = () =>
  spanTable('Newest checkouts over $slowerThan, slowest first', checkoutsOver('$slowerThan'))
    .links([spansLink('The same in Explore', checkoutsOver('$slowerThan'))])
    .description(
      'The newest 50 checkouts that took longer than the limit chosen at the top, slowest first; there may be slower ones that are older. Empty is good news. Next: click one. Its widest bar shows where the time went; ask whether it was working or waiting.',
    )

export const waitingTimeseries = () =>
  paintedByName(timeseries('Database sessions waiting'))
    .description(
      'How many sessions of each service are held up in Postgres by another session, and by what. A database can be idle and yet keep everybody waiting: a lock costs no CPU. Next: the lines of `postgres` below say who waits, and open the trace that is waited for.',
    )
    .withTarget(lines('A', waitingSessions, '{{postgresql_user}} ({{postgresql_wait_event_type}})'))
    .unit(Short)

export const notableLogs = () =>
  logs('Warnings, errors, and what Postgres says about waits', notableLines).description(
    'The lines worth reading, newest first, of all services and the database. Next: open a line and press "Open this line\'s trace"; a line about a wait has a second button, for the checkout that is waited for.',
  )
