// The overview: is buying slow, how often, and which checkout shall I open? Positions are here, meanings in the other files.
import { slo } from '../../services/kit/slo.ts'
import { dashboard, dashboardLink } from '../dashboard.ts'
import { listVariable, selected } from '../variables.ts'
import { alertsTable } from './alerts.ts'
import { durationHeatmap, outcomeTimeseries, quantilesTimeseries } from './latency.ts'
import { burnStat, failedStat, goodStat, rateStat, slowStat, waitingStat } from './objective.ts'
import { newestSlowTable, notableLogs, waitingTimeseries } from './witnesses.ts'

const question = 'Is buying slow, how often, and which checkout do I open to find out why?'

const steps = `See that some are slow (numbers and curves) → open a slow one (a dot above the dashed line, or the table) → in its trace, look at the widest bar: does it work or wait? → read its log lines (the button on a span), the database's among them → open the checkout it waited for. Next: is it one ${dashboardLink('service', 'service')} or instance, the ${dashboardLink('postgres', 'database')}, a ${dashboardLink('runtime', 'runtime')} that does not get round to it, somebody ${dashboardLink('queue-and-bank', 'outside')}, or the ${dashboardLink('load', 'load')}?`

const objective = `${slo.thresholdMs}ms`
/** Which checkouts the table lists; the SLO's limit unless somebody looks for something else. */
const slowerThan = () =>
  listVariable(
    'slowerThan',
    'Slow is longer than',
    ['100ms', '250ms', objective, '1s', '2s'],
    selected(objective),
  ).description('Which checkouts the table lists')

export const checkoutDashboard = () =>
  dashboard('checkout', question, steps)
    .withVariable(slowerThan())
    .withPanel(goodStat().span(4).height(4))
    .withPanel(burnStat().span(4).height(4))
    .withPanel(slowStat().span(4).height(4))
    .withPanel(failedStat().span(4).height(4))
    .withPanel(rateStat().span(4).height(4))
    .withPanel(waitingStat().span(4).height(4))
    .withPanel(alertsTable().span(24).height(5))
    .withPanel(quantilesTimeseries().span(12).height(9))
    .withPanel(durationHeatmap().span(12).height(9))
    .withPanel(newestSlowTable().span(12).height(10))
    .withPanel(waitingTimeseries().span(6).height(10))
    .withPanel(outcomeTimeseries().span(6).height(10))
    .withPanel(notableLogs().span(24).height(12))
