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
      'What Prometheus would call somebody for right now. Empty is good news. An alert with a workshop window looks back for a minute, one with a production window for hours, so that it also remembers what is over. Next: click one for its runbook: what it means, whether it is real, and where to look.',
    )
    .datasource(sources.metrics)
    .withTarget(rows('A', firing))
    .transformations([
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true, Value: true },
          renameByName: { alertname: 'Alert', severity: 'Severity', window: 'Window', runbook: 'Runbook' },
          indexByName: { alertname: 0, severity: 1, window: 2, runbook: 3 },
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
