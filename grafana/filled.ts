// What a query asks once Grafana has filled in its variables: for whoever asks without Grafana.
import type { Dashboard, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard'

/** `$name`, `$\{name}` and `$\{name:format}` become their values; what is not among them stays. */
export const filled = (query: string, values: Readonly<Record<string, string>>): string =>
  query.replaceAll(/\$(?:\{([\w.]+)(?::\w+)?\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? ''
    return values[name] ?? whole
  })

/** What a series is called: its query's legend with its labels in it. */
export const seriesName = (legend: string, labels: Readonly<Record<string, string>>): string =>
  legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '')

/** What Grafana fills in by itself, for the last `rangeSeconds` drawn every `stepSeconds`. */
export const timeValues = (rangeSeconds: number, stepSeconds: number): Record<string, string> => ({
  __rate_interval: `${4 * stepSeconds}s`,
  __interval: `${stepSeconds}s`,
  __range: `${rangeSeconds}s`,
  __range_s: String(rangeSeconds),
})

export const variablesOf = (dashboard: Dashboard): VariableModel[] => dashboard.templating?.list ?? []

/** The values a variable is tried with: what it stands at, or all of those that its query has found. */
export function valuesOf(variable: VariableModel, found: readonly string[]): string[] {
  if (variable.includeAll === true) return [variable.allValue ?? '.*']
  if (variable.type === 'query') return [...found]
  const { value } = variable.current ?? {}
  return value === undefined ? [] : [String(value)]
}
