// The shop as a map: who calls whom. Positions are here, meanings in the other files.
import { dashboard, dashboardLink } from '../dashboard.ts'
import { callsTimeseries, databaseTimeseries, slowTimeseries } from './curves.ts'
import { othersTable, servicesTable } from './edges.ts'
import { serviceGraph } from './graph.ts'

const question = 'Who calls whom, how often and how fast?'

const steps = `Start at \`user\` and follow the slow arrows: the last slow one leads to where the time is lost, or to somebody outside → look at its p99 in the tables, for the map shows averages → since when, and did it become slow or more frequent (the curves at the bottom)? Next: the ${dashboardLink('service', 'service')} at the end of the slow arrow, the ${dashboardLink('postgres', 'database')}, ${dashboardLink('queue-and-bank', 'queue and bank')}; are arrows missing, whether ${dashboardLink('pipeline', 'all telemetry arrives')}; back to the ${dashboardLink('checkout', 'checkouts')}.`

export const serviceMapDashboard = () =>
  dashboard('service-map', question, steps)
    .withPanel(serviceGraph().span(24).height(14))
    .withPanel(servicesTable().span(12).height(9))
    .withPanel(othersTable().span(12).height(9))
    .withPanel(slowTimeseries().span(8).height(9))
    .withPanel(databaseTimeseries().span(8).height(9))
    .withPanel(callsTimeseries().span(8).height(9))
