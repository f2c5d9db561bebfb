// Every query of a dashboard and where it stands: in a panel, a variable or an annotation.
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'

/** `place` is the panel's title or says what else asks. PromQL, LogQL or TraceQL, with Grafana's variables still in it. */
export type Asked = {
  dashboard: string
  place: string
  source: string
  query: string
  /** What a series is called, with its labels in double braces; empty where they are columns of a table. */
  legend: string
  /** Answered by one value per series, instead of one per step. */
  isInstant: boolean
  /** The least time between two points, where the panel wants more than the data source does. */
  stepSeconds?: number
}

type Target = {
  datasource?: { uid?: string }
  expr?: string
  query?: string
  legendFormat?: string
  instant?: boolean
  interval?: string
}

export function askedBy(dashboard: Dashboard): Asked[] {
  const uid = dashboard.uid ?? ''
  const ofPanels = panelsOf(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map((each) => {
      const target = each as Target
      return {
        dashboard: uid,
        place: panel.title ?? '',
        source: target.datasource?.uid ?? panel.datasource?.uid ?? '',
        query: target.expr ?? target.query ?? '',
        legend: target.legendFormat ?? '',
        isInstant: target.instant === true,
        ...(target.interval === undefined ? {} : { stepSeconds: Number.parseInt(target.interval, 10) }),
      }
    }),
  )
  const ofVariables = (dashboard.templating?.list ?? []).flatMap(({ type, name, query, datasource }) =>
    type === 'query'
      ? [
          {
            dashboard: uid,
            place: `variable ${name}`,
            source: datasource?.uid ?? '',
            query: textOf(query),
            legend: '',
            isInstant: true,
          },
        ]
      : [],
  )
  const ofAnnotations = (dashboard.annotations?.list ?? []).flatMap(({ name, datasource, expr }) =>
    expr === undefined
      ? []
      : [
          {
            dashboard: uid,
            place: `annotation ${name}`,
            source: datasource.uid ?? '',
            query: expr,
            legend: '',
            isInstant: false,
          },
        ],
  )
  return [...ofPanels, ...ofVariables, ...ofAnnotations]
}

/** Those inside folded rows too. */
export const panelsOf = ({ panels = [] }: Dashboard): Panel[] =>
  panels.flatMap((panel) => (isRow(panel) ? panel.panels : [panel]))

const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === 'row'

/** What a variable asks in Grafana's own words, `label_values(metric, label)`; undefined for any other query. */
export function labelValuesOf(query: string): { metric: string; label: string } | undefined {
  const [, metric, label] = /^label_values\((.*), *(\w+)\)$/s.exec(query) ?? []
  return metric === undefined || label === undefined ? undefined : { metric, label }
}

/** Grafana takes a variable's query as text, or as an object that holds it. */
export const textOf = (query: string | Record<string, unknown> | undefined): string =>
  typeof query === 'object' ? String(query.query ?? '') : (query ?? '')
