// What a page may be about: values that are chosen at its top, from a list or from what Prometheus knows.
import {
  CustomVariableBuilder,
  QueryVariableBuilder,
  type VariableOption,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { sources } from './sources.ts'

// Every variable says its id: the SDK's default is the one that Grafana gives to a variable in the making, and never fills in.

/** One of the values that a label of a metric has. */
export const labelVariable = (name: string, label: string, metric: string, values: string) =>
  new QueryVariableBuilder(name)
    .id(name)
    .label(label)
    .datasource(sources.metrics)
    .query(`label_values(${metric}, ${values})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)

/** One of these values, or what stands for all of them; at first it is `current`. */
export function listVariable(name: string, label: string, values: readonly string[], current: VariableOption) {
  const options = values.map((value) => (value === current.value ? current : option(value)))
  return new CustomVariableBuilder(name)
    .id(name)
    .label(label)
    .values(values.join(','))
    .options(options.includes(current) ? options : [current, ...options])
    .current(current)
}

const option = (value: string, selected = false): VariableOption => ({ text: value, value, selected })
export const selected = (value: string): VariableOption => option(value, true)
