// Writes the dashboards' JSON, which Grafana reads, and the alert rules, which Prometheus reads; the repository keeps both.
// npm run dashboards (`-- --check` compares, and looks whether every metric exists)
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { ruleFiles } from './alerts/files.ts'
import { alerts, recordedNames, ruleGroups } from './alerts/index.ts'
import { runbookDashboards } from './alerts/runbooks.ts'
import { type Asked, askedBy, labelValuesOf } from './asked.ts'
import { checkoutDashboard } from './checkout/index.ts'
import { askedByLinks } from './links.ts'
import { loadDashboard } from './load/index.ts'
import { pipelineDashboard } from './pipeline/index.ts'
import { postgresDashboard } from './postgres/index.ts'
import { strangersIn } from './promql.ts'
import { queueAndBankDashboard } from './queue-and-bank/index.ts'
import { runtimeDashboard } from './runtime/index.ts'
import { serviceDashboard } from './service/index.ts'
import { serviceMapDashboard } from './service-map/index.ts'
import { sources } from './sources.ts'

const root = resolve(import.meta.dirname, '..')
const dashboardFolder = 'grafana/dashboards'
const ruleFolder = 'infra/prometheus/rules'

/** The newest form that Grafana 9.4 knows; later ones bring it up to date themselves when they read it. */
const schemaVersion = 37

export const dashboards: Dashboard[] = [
  checkoutDashboard(),
  serviceDashboard(),
  runtimeDashboard(),
  postgresDashboard(),
  queueAndBankDashboard(),
  loadDashboard(),
  pipelineDashboard(),
  serviceMapDashboard(),
  ...runbookDashboards(),
].map((builder) => {
  const dashboard = builder.build()
  const panels = (dashboard.panels ?? []).map((panel, index) => ({ id: index + 1, ...panel }))
  return { ...dashboard, schemaVersion, panels }
})

/** Text of every generated file by its path in the repository. */
export const generatedFiles = (): Record<string, string> => ({
  ...Object.fromEntries(
    dashboards.map((dashboard) => [
      `${dashboardFolder}/${dashboard.uid}.json`,
      `${JSON.stringify(dashboard, null, 2)}\n`,
    ]),
  ),
  ...Object.fromEntries(Object.entries(ruleFiles()).map(([name, text]) => [`${ruleFolder}/${name}`, text])),
})

/** Files that are missing, differ, or were left behind. */
export async function staleFiles(): Promise<string[]> {
  const wanted = generatedFiles()
  const read = (path: string) => readFile(join(root, path), 'utf8').catch(() => undefined)
  const folders = new Set(Object.keys(wanted).map(dirname))
  const present = await Promise.all(
    [...folders].map(async (folder) =>
      (await readdir(join(root, folder)).catch(() => [])).map((name) => join(folder, name)),
    ),
  )
  const paths = [...new Set([...present.flat(), ...Object.keys(wanted)])]
  const checked = await Promise.all(paths.map(async (path) => ((await read(path)) === wanted[path] ? [] : [path])))
  return checked.flat()
}

/** Sentences about queries that ask Prometheus for a metric which nobody emits, or that are not PromQL. */
export function strangers(asked: readonly Asked[]): string[] {
  return asked
    .filter(({ source }) => source === sources.metrics.uid)
    .flatMap(({ dashboard, place, query }) => problemsOf(query).map((problem) => `${dashboard}, ${place}: ${problem}`))
}

function problemsOf(query: string): string[] {
  try {
    return strangersIn(promQlOf(query), recordedNames).map(
      (name) => `${name} is in no registry: expected a metric of names.ts or of foreign-metrics.ts`,
    )
  } catch (error) {
    return [(error as Error).message]
  }
}

/** The part of a query that Prometheus reads. */
export const promQlOf = (query: string): string => labelValuesOf(query)?.metric ?? query

/** What alerts and recorded series ask, as if they stood on a page. */
const askedByRules = (): Asked[] =>
  Object.values(ruleGroups)
    .flat()
    .flatMap(({ recorded = [], alerts }) => [...recorded, ...alerts])
    .map(({ name, expr }) => ({
      dashboard: 'rule',
      place: name,
      source: sources.metrics.uid,
      query: expr,
      legend: '',
      isInstant: true,
    }))

/** Every query that there is: of pages, behind their links, and of rules. */
export const everyQuery = (): Asked[] => [
  ...dashboards.flatMap(askedBy),
  ...dashboards.flatMap(askedByLinks),
  ...askedByRules(),
]

async function check(): Promise<string[]> {
  const stale = (await staleFiles()).map((path) => `${path} is stale: write it again with npm run dashboards`)
  return [...stale, ...strangers(everyQuery())]
}

async function write(): Promise<void> {
  const wanted = generatedFiles()
  for (const path of await staleFiles()) {
    const text = wanted[path]
    await mkdir(join(root, dirname(path)), { recursive: true })
    await (text === undefined ? rm(join(root, path)) : writeFile(join(root, path), text))
    console.log(`${text === undefined ? 'removed' : 'written'}  ${path}`)
  }
}

if (import.meta.main) {
  const unknown = process.argv.slice(2).filter((option) => option !== '--check')
  if (unknown.length > 0) {
    console.error(`${basename(import.meta.filename)} does not know ${unknown.join(' ')}. It takes --check, or nothing.`)
    process.exitCode = 2
  } else if (process.argv.includes('--check')) {
    const problems = await check()
    for (const problem of problems) console.error(problem)
    if (problems.length > 0) process.exitCode = 1
    else
      console.log(
        `${dashboards.length} dashboards and ${alerts.length} alerts are fresh and ask for metrics that exist.`,
      )
  } else await write()
}
