// Writes the dashboards' JSON, which Grafana reads and the repository keeps: npm run dashboards (`-- --check` compares).
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { checkoutDashboard } from './checkout/index.ts'

const folder = resolve(import.meta.dirname, 'dashboards')
const dashboards = [checkoutDashboard()]

/** The newest form that Grafana 9.4 knows; later ones bring it up to date themselves when they read it. */
const schemaVersion = 37

/** Text of every generated file by its name. */
export function dashboardFiles(): Record<string, string> {
  return Object.fromEntries(
    dashboards.map((builder) => {
      const dashboard = builder.build()
      const panels = (dashboard.panels ?? []).map((panel, index) => ({ id: index + 1, ...panel }))
      return [
        `${dashboard.uid}.json`,
        `${JSON.stringify({ ...dashboard, schemaVersion, panels } satisfies Dashboard, null, 2)}\n`,
      ]
    }),
  )
}

/** Files that are missing, differ, or were left behind. */
export async function staleFiles(): Promise<string[]> {
  const wanted = dashboardFiles()
  const present = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'))
  const isStale = async (name: string) =>
    (await readFile(join(folder, name), 'utf8').catch(() => undefined)) !== wanted[name]
  const names = [...new Set([...present, ...Object.keys(wanted)])]
  const checked = await Promise.all(names.map(async (name) => ((await isStale(name)) ? [name] : [])))
  return checked.flat()
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const stale = await staleFiles()
    for (const name of stale)
      console.error(`grafana/dashboards/${name} is stale. Write it again with: npm run dashboards`)
    if (stale.length > 0) process.exitCode = 1
  } else {
    await mkdir(folder, { recursive: true })
    for (const [name, text] of Object.entries(dashboardFiles())) await writeFile(join(folder, name), text)
  }
}
