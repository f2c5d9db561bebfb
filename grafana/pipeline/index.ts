// The telemetry of the telemetry: does all of it arrive, and when? Positions are here, meanings in the other files.
import { dashboard, dashboardLink } from '../dashboard.ts'
import { linesTimeseries, pointsTimeseries } from './arrived.ts'
import { acceptedTimeseries, keptTimeseries, lostTimeseries, memoryTimeseries, queueTimeseries } from './flow.ts'
import { ageStat, answersStat, lostStat, queueStat, refusedStat, tracedStat } from './numbers.ts'

const question = 'Can I trust what I see: does all telemetry arrive?'

const steps = `Is the Collector there, and is the newest point some seconds old? → was anything refused or given up? Then there is a hole → does something wait for a backend? Then it comes later → does every checkout leave a trace? If not, the one you are looking for may be among those that do not, while its duration is still counted on the page ${dashboardLink('checkout')}. All well here: believe what you see. Next: ${dashboardLink('load', 'the load')}, the ${dashboardLink('service-map', 'map')}, or the ${dashboardLink('runtime', 'runtime')} of a process that reports less than the others.`

export const pipelineDashboard = () =>
  dashboard('pipeline', question, steps)
    .withPanel(answersStat().span(4).height(4))
    .withPanel(tracedStat().span(4).height(4))
    .withPanel(refusedStat().span(4).height(4))
    .withPanel(lostStat().span(4).height(4))
    .withPanel(queueStat().span(4).height(4))
    .withPanel(ageStat().span(4).height(4))
    .withPanel(acceptedTimeseries().span(8).height(9))
    .withPanel(queueTimeseries().span(8).height(9))
    .withPanel(lostTimeseries().span(8).height(9))
    .withPanel(keptTimeseries().span(12).height(9))
    .withPanel(memoryTimeseries().span(12).height(9))
    .withPanel(pointsTimeseries().span(12).height(9))
    .withPanel(linesTimeseries().span(12).height(9))
