// Tables of spans. What is read comes first, since a page that is 1280 pixels wide does not show all columns that Tempo fills.
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import type { Label } from './side-by-side.ts'
import { sources, spanList } from './sources.ts'

/** As Grafana names them, which cuts off what does not fit: hence the widths. `Trace ID` is for those that list traces. */
const first: readonly (readonly [title: string, width: number])[] = [
  ['Duration', 85],
  ['Trace ID', 110],
  ['Span ID', 110],
]
const last = ['Start time', 155] as const
const nameWidth = 140

/**
 * Who was asked first in that trace, and what the query itself demands of every span. Names that a Grafana does not have are
 * nothing to it; the column with the trace's id has to stay, since links read it.
 */
const redundant = ['Trace Service', 'Trace Name', 'kind', 'service.name']

/** The newest spans that a query finds, slowest first. `attributes` are those that it selects, in the order of their columns. */
export function spanTable(title: string, query: string, attributes: readonly Label[] = []): TablePanel {
  const names = [...first.map(([name]) => name), 'Name', ...attributes.map(({ label }) => label), last[0]]
  const panel = new TablePanel()
    .title(title)
    .datasource(sources.traces)
    .withTarget(spanList(query, 50))
    .transformations([
      { id: 'sortBy', options: { fields: {}, sort: [{ field: 'Duration', desc: true }] } },
      {
        id: 'organize',
        options: {
          excludeByName: Object.fromEntries(redundant.map((name) => [name, true])),
          indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
          renameByName: Object.fromEntries(attributes.map(({ label, title }) => [label, title])),
        },
      },
    ])
    // Some versions of Grafana hide it themselves, some show it.
    .overrideByName('traceIdHidden', [{ id: 'custom.hidden', value: true }])
    .noValue('none')
  for (const [name, value] of [...first, last]) panel.overrideByName(name, [{ id: 'custom.width', value }])
  for (const [name, value] of [
    ['Name', nameWidth] as const,
    ...attributes.map(({ title, width }) => [title, width] as const),
  ])
    panel.overrideByName(name, [{ id: 'custom.minWidth', value }])
  return panel
}
