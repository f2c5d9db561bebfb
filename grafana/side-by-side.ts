// Tables that compare: a row for each service or process, a column for each number.
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import { thresholds } from './panels.ts'
import { rows, sources } from './sources.ts'

/** A column of texts: what a label says. `width` are the pixels it needs; what is left over, all columns share. */
export type Label = { label: string; title: string; width: number }

/** A column of numbers, with as many decimals as their size asks for. `beside` is a label of its query, shown before them. */
export type Column = {
  title: string
  query: string
  unit: string
  width: number
  decimals?: number
  limits?: Parameters<typeof thresholds>
  beside?: Label
}

/** A table with one row for each of a kind, such as each service, and a number from each query. */
export function sideBySide(title: string, labels: readonly Label[], columns: readonly Column[]): TablePanel {
  const panel = new TablePanel().title(title).datasource(sources.metrics)
  const names: Record<string, string> = {}
  const addLabel = ({ label, title, width }: Label) => {
    names[label] = title
    panel.overrideByName(title, [atLeast(width)])
  }
  labels.forEach(addLabel)
  for (const [index, { title, query, beside, ...column }] of columns.entries()) {
    const refId = String.fromCharCode('A'.charCodeAt(0) + index)
    panel.withTarget(rows(refId, query)).overrideByName(title, shownAs(column))
    if (beside !== undefined) addLabel(beside)
    names[`Value #${refId}`] = title
  }
  const order = Object.fromEntries(Object.keys(names).map((name, index) => [name, index]))
  return panel.transformations([
    { id: 'merge', options: {} },
    { id: 'organize', options: { excludeByName: { Time: true }, renameByName: names, indexByName: order } },
  ])
}

// Without it a column is 150 pixels wide, and the last ones do not fit.
const atLeast = (width: number) => ({ id: 'custom.minWidth', value: width })

// `displayMode` is what Grafana 9.4 calls it; a later one translates it.
const shownAs = ({ unit, width, decimals, limits = [] }: Omit<Column, 'title' | 'query' | 'beside'>) => [
  atLeast(width),
  { id: 'unit', value: unit },
  ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
  ...(limits.length === 0
    ? []
    : [
        { id: 'thresholds', value: thresholds(...limits).build() },
        { id: 'color', value: { mode: 'thresholds' } },
        { id: 'custom.displayMode', value: 'color-text' },
      ]),
]
