// What has called, and the page that says what to do about it.
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import { runbookUid } from '../alerts/alert.ts'
import { clicked, leadingTo } from '../panels.ts'
import { rows, sources } from '../sources.ts'
import { firing } from './queries.ts'

export const alertsTable = () =>
  new TablePanel()
    .title('Alerts that fire')
    .description(
      'Alerts with workshop windows that fire right now, and whose they are. Empty is good news. These look back for a minute or so; those with production windows, of hours, are left out, because in a lab that has just been started they have nothing else to look at: they are on the page of Prometheus itself (/alerts). Next: click one for its runbook: what it means, whether it is real, and where to look.',
    )
    .datasource(sources.metrics)
    .withTarget(rows('A', firing))
    .transformations([
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true, Value: true, window: true },
          renameByName: { alertname: 'Alert', whose: 'Whose', severity: 'Severity', runbook: 'Runbook' },
          indexByName: { alertname: 0, whose: 1, severity: 2, runbook: 3 },
        },
      },
    ])
    .overrideByName(
      'Runbook',
      leadingTo({
        title: 'Open its runbook',
        url: `/d/${runbookUid({ name: clicked('__value.raw') })}?from=$\{__from}&to=$\{__to}`,
      }),
    )
    .noValue('none')
