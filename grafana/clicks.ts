// Where clicks on a panel's points and rows lead: its links, with what Grafana would fill in for each series that answered.
import type { Answer, Question } from './ask.ts'
import { filled, seriesName } from './filled.ts'
import type { Link } from './links.ts'

/** Addresses by clicking on everything that answers; those of links on which nothing stands are none. */
export function addressesBehind(link: Link, question: Question, answers: readonly Answer[]): string[] {
  const columns = columnsOf(link.panel)
  const urls = answers.flatMap(({ labels }) => {
    const cells = columns === undefined ? [curve(question.legend, labels)] : cellsOf(columns, labels)
    return cells
      .filter(({ name }) => link.on?.(name) ?? true)
      .map(({ values }) => inAddress(link.url, { ...question.values, ...values }))
  })
  return [...new Set(urls)]
}

type Cell = { name: string; values: Record<string, string> }

function curve(legend: string, labels: Record<string, string>): Cell {
  const values = Object.entries(labels).map(([label, value]) => [`__field.labels.${label}`, value])
  return { name: seriesName(legend, labels), values: Object.fromEntries(values) }
}

/** What a table calls its columns; undefined when the panel is none. */
function columnsOf(panel: Link['panel']): Record<string, string> | undefined {
  if (panel?.type !== 'table') return undefined
  const organize = (panel.transformations ?? []).find(({ id }) => id === 'organize')
  return ((organize?.options ?? {}) as { renameByName?: Record<string, string> }).renameByName ?? {}
}

function cellsOf(columns: Record<string, string>, labels: Record<string, string>): Cell[] {
  const named = Object.entries(labels).map(([label, value]) => [columns[label] ?? label, value] as const)
  const row = Object.fromEntries(named.map(([name, value]) => [`__data.fields.${name}`, value]))
  return named.map(([name, value]) => ({ name, values: { ...row, '__value.raw': value } }))
}

/** Explore's state is JSON, and encoded; what is filled in has to be, too. */
function inAddress(url: string, values: Record<string, string>): string {
  const isState = url.startsWith('/explore?')
  const written = Object.entries(values).map(([name, value]) => [name, isState ? inState(value) : value])
  return filled(url, Object.fromEntries(written))
}

const inState = (value: string): string => encodeURIComponent(JSON.stringify(value).slice(1, -1))
