// The processes: does each get round to its work, and has it enough memory? Positions are here, meanings in the other files.
import { metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName } from '../../services/kit/telemetry/prometheus-names.ts'
import { dashboard, dashboardLink } from '../dashboard.ts'
import { labelVariable } from '../variables.ts'
import { busiestTimeseries, delayTimeseries, requestsTimeseries, standstillTimeseries } from './loop.ts'
import { collectingTimeseries, heapTimeseries, keptTimeseries, pauseTimeseries } from './memory.ts'
import { processesTable } from './overview.ts'
import { service as serviceLabel } from './queries.ts'

const question = 'Is a process too busy to get round to its work, or short of memory?'

const steps = `Look for a process that stood still (table, first curve) → was that a collection of garbage? (pause as long as the standstill) Then see what it keeps on its heap → if not, it was at work: is it asked more often, or does a single request do too much? Click the peak and open the slow requests of that time. Next: what it answers meanwhile, on ${dashboardLink('service')}; whether more customers come, on ${dashboardLink('load')}; or back to ${dashboardLink('checkout', 'checkouts')}.`

const service = () =>
  labelVariable('service', 'Service', prometheusName(metrics.eventLoopDelayMax), serviceLabel)
    .description('Whose processes are shown')
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: ['All'], value: ['$__all'], selected: true })

export const runtimeDashboard = () =>
  dashboard('runtime', question, steps)
    .withVariable(service())
    .withPanel(processesTable().span(24).height(8))
    .withPanel(standstillTimeseries().span(12).height(9))
    .withPanel(delayTimeseries().span(12).height(9))
    .withPanel(busiestTimeseries().span(8).height(8))
    .withPanel(pauseTimeseries().span(8).height(8))
    .withPanel(collectingTimeseries().span(8).height(8))
    .withPanel(requestsTimeseries().span(8).height(8))
    .withPanel(heapTimeseries().span(8).height(8))
    .withPanel(keptTimeseries().span(8).height(8))
