// At the other end: does every process report, and does every service's log arrive?
import { CountsPerSecond, Short } from '@grafana/grafana-foundation-sdk/units'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { dashboardUrl } from '../dashboard.ts'
import { linesLink, link, paintedByName, timeseries } from '../panels.ts'
import { lines, logLines, sources } from '../sources.ts'
import { allLines, linesByService, pointsByInstance } from './queries.ts'

const instance = underscored(attributes.instance)

export const pointsTimeseries = () =>
  paintedByName(timeseries('Reports of each process in the last minute'))
    .description(
      'How many measurements of each process are in Prometheus for the minute before each point. A process reports every 2 seconds, so 30 are normal. All lines lower: something between here and there. One line lower: that process was restarted, or its event loop stood still and it could not even report. Next: Runtime.',
    )
    .withTarget(lines('A', pointsByInstance, `{{${instance}}}`))
    .unit(Short)
    .dataLinks([link('Does it stand still?', dashboardUrl('runtime'))])

export const linesTimeseries = () =>
  paintedByName(timeseries('Log lines stored a second, by service'))
    .datasource(sources.logs)
    .description(
      'What is in Loki of each service, the database and whoever else logs, over the last minute. It follows the traffic: every service has a line here whenever somebody buys. A service without one sends no logs, whatever its traces say. A peak is somebody who complains. Next: read what is said.',
    )
    .withTarget(logLines(linesByService).legendFormat('{{service_name}}'))
    .unit(CountsPerSecond)
    .links([linesLink('Read them, in Explore', allLines)])
