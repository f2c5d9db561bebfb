// The dashboards: generated, understandable, made of names that exist, and of nothing that Grafana 9.4 does not know.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { dashboardFiles, staleFiles } from '../../grafana/dashboards.ts'
import { drawnMetrics, prometheusName as drawnName, selector } from '../../grafana/prometheus.ts'
import { exploreUrl, sources } from '../../grafana/sources.ts'
import { slo } from '../../services/kit/slo.ts'
import { metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName } from '../../services/lens/prometheus-names.ts'

type Target = { refId: string; datasource: { uid: string }; expr?: string; query?: string; exemplar?: boolean }
type Panel = {
  id: number
  type: string
  title?: string
  description?: string
  datasource?: { uid: string }
  fieldConfig?: { defaults: { unit?: string } }
  options?: { yAxis?: { unit?: string } }
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: Target[]
}
type Dashboard = { uid: string; title: string; description?: string; schemaVersion: number; panels: Panel[] }

const dashboards = Object.entries(dashboardFiles()).map(
  ([file, text]) => [file, JSON.parse(text) as Dashboard] as const,
)
const panels = dashboards.flatMap(([file, { panels }]) => panels.map((panel) => ({ file, ...panel })))
const targets = panels.flatMap(({ file, title, targets = [] }) => targets.map((target) => ({ file, title, ...target })))
const uids = Object.values(sources).map(({ uid }) => uid as string)

test('the committed JSON is what the code says', async () => {
  expect(await staleFiles()).toEqual([])
})

test('every dashboard says its question first and is written for Grafana 9.4', () => {
  for (const [file, { uid, description, schemaVersion, panels }] of dashboards) {
    expect(file).toBe(`${uid}.json`)
    expect(description, file).toMatch(/\?$/)
    expect(panels[0]?.type, file).toBe('text')
    expect(schemaVersion, file).toBeLessThanOrEqual(37)
  }
})

test('every panel has a title, an explanation, and what draws numbers a unit', () => {
  const drawing = ['stat', 'timeseries', 'heatmap']
  for (const { file, type, title, description, fieldConfig, options } of panels) {
    const where = `${file}: ${title}`
    expect(title, where).toBeTruthy()
    expect(description?.length, where).toBeGreaterThan(60)
    if (drawing.includes(type)) expect(fieldConfig?.defaults.unit ?? options?.yAxis?.unit, where).toBeTruthy()
  }
})

test('panels have ids of their own and do not overlap', () => {
  for (const [file, { panels }] of dashboards) {
    expect(new Set(panels.map(({ id }) => id)).size, file).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}:${y + Math.floor(cell / w)}`),
    )
    expect(new Set(cells).size, file).toBe(cells.length)
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([])
  }
})

test('every query asks a data source that is provisioned', () => {
  expect(targets.length).toBeGreaterThan(0)
  expect(targets.filter(({ datasource }) => !uids.includes(datasource.uid))).toEqual([])
})

test('every metric in a query is one of names.ts', () => {
  const known = Object.values(metrics).map(prometheusName)
  const suffix = /_(bucket|count|sum)$/
  for (const { title, datasource, expr = '' } of targets.filter(({ datasource }) => datasource.uid === 'prometheus')) {
    // What stands before a selector or a range, or is the whole argument of a function.
    const series = [...expr.replaceAll(/\{[^}]*\}/g, '{').matchAll(/\b([a-z]\w*_\w+)(?=\{|\[|\))/g)].map(
      ([, name]) => name as string,
    )
    const used = series.filter((name) => !['postgresql_user'].includes(name))
    expect(
      used.filter((name) => !known.includes(name.replace(suffix, '')) && !isLabelList(expr, name)),
      title,
    ).toEqual([])
    expect(datasource.uid).toBe('prometheus')
  }
})

/** `sum by (le, shop_outcome) (…)`: names between these parentheses are labels. */
const isLabelList = (expr: string, name: string) => new RegExp(`by \\([^)]*\\b${name}\\b[^)]*\\)`).test(expr)

test('what dashboards call a metric is what the verifier calls it', () => {
  expect(drawnMetrics.map(drawnName)).toEqual(drawnMetrics.map(prometheusName))
})

test('the limit of the objective is a bucket that is asked for', () => {
  const exprs = targets.map(({ expr = '' }) => expr).join('\n')
  expect(exprs).toContain(`le="${slo.thresholdMs / 1000}"`)
})

test('panels that show slow checkouts have exemplars', () => {
  const byDuration = targets.filter(({ expr = '' }) => /histogram_quantile\(0\.99|^sum by \(le\)/.test(expr))
  expect(byDuration.length).toBeGreaterThanOrEqual(2)
  expect(byDuration.filter(({ exemplar }) => exemplar !== true)).toEqual([])
})

test('a link to Explore carries the query encoded, and leaves the time range for Grafana to fill in', () => {
  const url = exploreUrl(sources.logs, { expr: '{a="b"} |= "c & d"' })
  const text = decodeURIComponent(new URL(url, 'http://grafana').searchParams.get('left') as string)
  expect(JSON.parse(text)).toEqual({
    datasource: 'loki',
    queries: [{ refId: 'A', datasource: { type: 'loki', uid: 'loki' }, expr: '{a="b"} |= "c & d"' }],
    range: { from: `\${__from}`, to: `\${__to}` },
  })
})

test('a variable of the dashboard stays one that Grafana finds in a link', () => {
  expect(exploreUrl(sources.traces, { query: 'duration > $slowerThan' })).toContain(`%3E%20\${slowerThan}`)
  const encoded = dashboards.flatMap(([file]) => dashboardFiles()[file]?.match(/%24[\w{]/g) ?? [])
  expect(encoded).toEqual([])
})

test('a selector takes the operator from its value', () => {
  expect(selector({ 'service.name': 'api', 'http.route': '=~/api/.*', le: '0.5', a: '!~x' })).toBe(
    '{service_name="api", http_route=~"/api/.*", le="0.5", a!~"x"}',
  )
})

test('dashboards name their backends as the provisioning does', () => {
  const file = resolve(import.meta.dirname, '../../grafana/provisioning/datasources/datasources.yaml')
  const provisioned = [...readFileSync(file, 'utf8').matchAll(/^ {4}uid: (\w+)\n {4}type: (\w+)$/gm)]
  expect(provisioned.map(([, uid, type]) => ({ type, uid }))).toEqual(Object.values(sources))
})
