// One service: which one is slow, where, and is it the service itself? Positions are here, meanings in the other files.
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { dashboard, dashboardLink } from '../dashboard.ts'
import { labelVariable, selected } from '../variables.ts'
import { callsTimeseries, loopTimeseries, poolTimeseries, slowCallsTable } from './needs.ts'
import { servicesTable } from './overview.ts'
import {
  callersTimeseries,
  instanceRatesTimeseries,
  instancesTimeseries,
  routeRatesTimeseries,
  routesTimeseries,
} from './requests.ts'
import { doorTimeseries, stepsTimeseries, waitsTimeseries } from './time.ts'

const question =
  'Which service, which route, which instance is slow, and is it the service itself or somebody it calls?'

const steps = `Find the slow one in the table and click it → does its thick line rise alone, or together with one it waits for? Then go there → is it a single route, or a single instance? → does it lack connections, or time on its event loop? → open a slow call. Next: the ${dashboardLink('postgres', 'database')}, a ${dashboardLink('runtime', 'runtime')} that is too busy, ${dashboardLink('queue-and-bank', 'queue and bank')}, who calls whom on the ${dashboardLink('service-map', 'map')}, or back to ${dashboardLink('checkout', 'checkouts')}.`

const counter = `${prometheusName(metrics.httpServerDuration)}_count`

const service = () =>
  labelVariable('service', 'Service', counter, underscored('service.name'))
    .description('The service that the panels below the table are about')
    .current(selected('api'))

const instance = () =>
  labelVariable(
    'instance',
    'Instance',
    `${counter}${selector({ 'service.name': '$service' })}`,
    underscored(attributes.instance),
  )
    .description('Its instances; what is made of traces is about all of them')
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: ['All'], value: ['$__all'], selected: true })

export const serviceDashboard = () =>
  dashboard('service', question, steps)
    .withVariable(service())
    .withVariable(instance())
    .withPanel(servicesTable().span(24).height(7))
    .withPanel(waitsTimeseries().span(12).height(9))
    .withPanel(stepsTimeseries().span(12).height(9))
    .withPanel(routesTimeseries().span(12).height(9))
    .withPanel(instancesTimeseries().span(12).height(9))
    .withPanel(routeRatesTimeseries().span(8).height(8))
    .withPanel(instanceRatesTimeseries().span(8).height(8))
    .withPanel(callersTimeseries().span(8).height(8))
    .withPanel(doorTimeseries().span(8).height(8))
    .withPanel(loopTimeseries().span(8).height(8))
    .withPanel(poolTimeseries().span(8).height(8))
    .withPanel(callsTimeseries().span(8).height(10))
    .withPanel(slowCallsTable().span(16).height(10))
