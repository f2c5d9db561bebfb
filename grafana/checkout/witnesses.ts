// Where to look next: the slow checkouts themselves, who waits in the database, and what was logged about it.
import * as common from '@grafana/grafana-foundation-sdk/common'
import { PanelBuilder as LogsPanel } from '@grafana/grafana-foundation-sdk/logs'
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import { Short } from '@grafana/grafana-foundation-sdk/units'
import { link, timeseries } from '../panels.ts'
import { exploreUrl, lines, logLines, sources, spanList } from '../sources.ts'
import { checkoutsOver, notableLines, waitingSessions } from './queries.ts'

export const slowestTable = () =>
  new TablePanel()
    .title('Slowest checkouts, longer than $slowerThan')
    .description(
      'The newest checkouts that took longer than the limit chosen at the top, slowest first. Empty is good news. Next: click one. Its widest bar shows where the time went; ask whether it was working or waiting.',
    )
    .datasource(sources.traces)
    .withTarget(spanList(checkoutsOver('$slowerThan'), 50))
    .transformations([{ id: 'sortBy', options: { fields: {}, sort: [{ field: 'Duration', desc: true }] } }])
    .overrideByRegexp('/^(Trace|Span) ID$/', [{ id: 'custom.width', value: 125 }])
    .overrideByName('Start time', [{ id: 'custom.width', value: 155 }])
    .overrideByName('Duration', [{ id: 'custom.width', value: 85 }])
    .noValue('none')
    .links([
      link(
        'The same in Explore',
        exploreUrl(sources.traces, { queryType: 'traceql', query: checkoutsOver('$slowerThan'), limit: 100 }),
      ),
    ])

export const waitingTimeseries = () =>
  timeseries('Database sessions waiting')
    .description(
      'How many sessions of each service are held up in Postgres by another session, and by what. A database can be idle and yet keep everybody waiting: a lock costs no CPU. Next: the lines of `postgres` below say who waits, and open the trace that is waited for.',
    )
    .withTarget(lines('A', waitingSessions, '{{postgresql_user}} ({{postgresql_wait_event_type}})'))
    .unit(Short)

export const notableLogs = () =>
  new LogsPanel()
    .title('Warnings, errors, and what Postgres says about waits')
    .description(
      'The lines worth reading, newest first, of all services and the database. Next: open a line and press "Open this line\'s trace"; a line about a wait has a second button, for the checkout that is waited for.',
    )
    .datasource(sources.logs)
    .withTarget(logLines(notableLines).maxLines(200))
    .showTime(true)
    .showLabels(false)
    .showCommonLabels(false)
    .wrapLogMessage(true)
    .prettifyLogMessage(false)
    .enableLogDetails(true)
    .dedupStrategy(common.LogsDedupStrategy.None)
    .sortOrder(common.LogsSortOrder.Descending)
    .links([link('The same in Explore', exploreUrl(sources.logs, { expr: notableLines, queryType: 'range' }))])
