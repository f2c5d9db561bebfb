// Tables that compare: a row for each service or process, a column for each number.
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import { colours } from './colours.ts'
import { thresholds } from './panels.ts'
import { rows, sources } from './sources.ts'

/** A column of numbers. `beside` is another label of its query, shown before them. */
export type Column = {
  title: string
  query: string
  unit: string
  decimals?: number
  limits?: Parameters<typeof thresholds>
  beside?: { label: string; title: string }
}

/** A warning from there on, and bad from twice as much. */
export const upTo = (much: number): NonNullable<Column['limits']> => [
  [null, colours.good],
  [much, colours.warning],
  [2 * much, colours.bad],
]

/** A table with one row for each of a kind, such as each service, and a number from each query. */
export function sideBySide(title: string, labels: Record<string, string>, columns: readonly Column[]): TablePanel {
  const panel = new TablePanel().title(title).datasource(sources.metrics)
  const names = { ...labels }
  for (const [index, { title, query, beside, ...column }] of columns.entries()) {
    const refId = String.fromCharCode('A'.charCodeAt(0) + index)
    panel.withTarget(rows(refId, query)).overrideByName(title, shownAs(column))
    if (beside !== undefined) names[beside.label] = beside.title
    names[`Value #${refId}`] = title
  }
  const order = Object.fromEntries(Object.keys(names).map((name, index) => [name, index]))
  return panel.transformations([
    { id: 'merge', options: {} },
    { id: 'organize', options: { excludeByName: { Time: true }, renameByName: names, indexByName: order } },
  ])
}

// `displayMode` is what Grafana 9.4 calls it; a later one translates it.
const shownAs = ({ unit, decimals = 0, limits = [] }: Pick<Column, 'unit' | 'decimals' | 'limits'>) => [
  { id: 'unit', value: unit },
  { id: 'decimals', value: decimals },
  ...(limits.length === 0
    ? []
    : [
        { id: 'thresholds', value: thresholds(...limits).build() },
        { id: 'color', value: { mode: 'thresholds' } },
        { id: 'custom.displayMode', value: 'color-text' },
      ]),
]
