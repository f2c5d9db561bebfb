// The database: who waits in it, for whom, and whether it is the database at all. Positions are here, meanings in the other
// files.
import type { VariableOption } from '@grafana/grafana-foundation-sdk/dashboard'
import { serviceNames } from '../../services/kit/telemetry/names.ts'
import { dashboard, dashboardLink } from '../dashboard.ts'
import { listVariable } from '../variables.ts'
import { connectTimeseries, poolTimeseries, requestsTimeseries } from './connections.ts'
import { openStat, requestsStat, waitingStat, workingStat } from './numbers.ts'
import { stateTimeseries, waitingTimeseries, workTimeseries } from './sessions.ts'
import { slowStatementLogs, statementTimeseries, waitLogs } from './statements.ts'

const question = 'Who waits for whom in the database, and is it the database at all?'

const steps = `The four numbers tell four illnesses apart: sessions wait for each other (who for whom: at the bottom, with the trace that is waited for) · sessions work (which statement is slow?) · transactions stay open and do nothing (what does their service do meanwhile?) · requests have no connection (who keeps them?). None of these: it is not the database. Next: the ${dashboardLink('service', 'service')} that waits, what it asks ${dashboardLink('queue-and-bank', 'outside')}, or its ${dashboardLink('runtime', 'runtime')}; back to the ${dashboardLink('checkout', 'checkouts')}.`

const everyService: VariableOption = { text: 'All', value: '$__all', selected: true }

/** Whose sessions, connections and statements are shown. */
const service = () =>
  listVariable('service', 'Service', serviceNames, everyService)
    .description('Whose sessions, connections and statements')
    .includeAll(true)
    .allValue('.*')

export const postgresDashboard = () =>
  dashboard('postgres', question, steps)
    .withVariable(service())
    .withPanel(waitingStat().span(6).height(4))
    .withPanel(workingStat().span(6).height(4))
    .withPanel(openStat().span(6).height(4))
    .withPanel(requestsStat().span(6).height(4))
    .withPanel(waitingTimeseries().span(8).height(9))
    .withPanel(workTimeseries().span(8).height(9))
    .withPanel(stateTimeseries().span(8).height(9))
    .withPanel(requestsTimeseries().span(8).height(9))
    .withPanel(poolTimeseries().span(8).height(9))
    .withPanel(connectTimeseries().span(8).height(9))
    .withPanel(statementTimeseries().span(12).height(10))
    .withPanel(slowStatementLogs().span(12).height(10))
    .withPanel(waitLogs().span(24).height(12))
