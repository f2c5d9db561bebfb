// The dashboards: generated, understandable, made of names that exist, and of nothing that Grafana 9.4 does not know.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { recordedNames } from '../../grafana/alerts/index.ts'
import { askedBy } from '../../grafana/asked.ts'
import { colours, whoIsWho } from '../../grafana/colours.ts'
import {
  dashboards as built,
  everyQuery,
  generatedFiles,
  promQlOf,
  staleFiles,
  strangers,
} from '../../grafana/dashboards.ts'
import { metricsIn } from '../../grafana/promql.ts'
import { exploreUrl, sources } from '../../grafana/sources.ts'
import { slo } from '../../services/kit/slo.ts'
import { selector } from '../../services/kit/telemetry/prometheus-names.ts'

type Target = {
  refId: string
  datasource: { uid: string }
  expr?: string
  query?: string
  exemplar?: boolean
  interval?: string
  instant?: boolean
}
type Panel = {
  id: number
  type: string
  title?: string
  description?: string
  datasource?: { uid: string }
  fieldConfig?: {
    defaults: { unit?: string; color?: object; custom?: { axisSoftMax?: number; thresholdsStyle?: unknown } }
    overrides?: { matcher: { options: string }; properties: { id: string; value: unknown }[] }[]
  }
  options?: { yAxis?: { unit?: string } }
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: Target[]
  transformations?: { id: string; options: Record<string, unknown> }[]
}
type Dashboard = { uid: string; title: string; description?: string; schemaVersion: number; panels: Panel[] }

const files = generatedFiles()
const dashboards = built.map((dashboard) => [`${dashboard.uid}.json`, dashboard as unknown as Dashboard] as const)
const asked = built.flatMap(askedBy)
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
    const types = panels.map(({ type }) => type)
    expect(
      types.filter((type) => !knownPanels.includes(type)),
      file,
    ).toEqual([])
    expect(files[`grafana/dashboards/${file}`]).not.toMatch(laterOptions)
  }
})

/** Those of the panels that Grafana 9.4 brings which are used here. */
const knownPanels = ['text', 'stat', 'timeseries', 'heatmap', 'table', 'logs', 'nodeGraph']
/** What came with Grafana 10 or later, by the names that it has in JSON. */
const laterOptions =
  /"(cellOptions|wideLayout|showPercentChange|percentChangeColorMode|hideZeros|maxHeight|axisBorderShow|insertNulls|preload|elements)":/

test('every panel has a title, an explanation, and what draws numbers a unit', () => {
  const drawing = ['stat', 'timeseries', 'heatmap']
  for (const { file, type, title, description, fieldConfig, options } of panels) {
    const where = `${file}: ${title}`
    expect(title, where).toBeTruthy()
    expect(description?.length, where).toBeGreaterThan(60)
    if (drawing.includes(type)) expect(fieldConfig?.defaults.unit ?? options?.yAxis?.unit, where).toBeTruthy()
  }
})

test('every title fits on a page that is 1280 pixels wide', () => {
  // What is left of a column of 24 beside the menu, what the mark of the explanation needs, and what a usual letter does.
  const [column, mark, letter] = [49, 32, 7.5]
  const isCut = ({ title = '', gridPos }: Panel) => title.length > (gridPos.w * column - mark) / letter
  expect(panels.filter(isCut).map(({ file, title }) => `${file}: ${title}`)).toEqual([])
})

test('a table of spans says first how long each took, then what it was, and fits', () => {
  const tables = panels.filter(({ type, targets }) => type === 'table' && targets?.[0]?.datasource.uid === 'tempo')
  expect(tables.length).toBe(2)
  for (const { title, targets, transformations = [], fieldConfig, gridPos } of tables) {
    const organize = transformations.find(({ id }) => id === 'organize')?.options ?? {}
    const order = Object.keys(organize.indexByName as object)
    const dropped = Object.keys(organize.excludeByName as object)
    expect(order.slice(0, 4), title).toEqual(['Duration', 'Trace ID', 'Span ID', 'Name'])
    expect(dropped, title).toEqual(expect.arrayContaining(['Trace Service', 'Trace Name']))
    // Without it Span ID leads nowhere.
    expect(dropped, title).not.toContain('traceIdHidden')
    const selected = /select\(([^)]+)\)/.exec(targets?.[0]?.query ?? '')?.[1]?.split(', ') ?? []
    expect(order.slice(4), title).toEqual([
      ...selected.filter((name) => name !== 'name').map((name) => name.replace(/^(span|resource)\./, '')),
      'Start time',
    ])
    if (selected.length > 0) expect(selected[0], title).toBe('name')
    // Spans have no `Trace ID`, which stands in its place where traces are listed. 49 pixels for a column of 24.
    const widths = (fieldConfig?.overrides ?? [])
      .filter(({ matcher }) => matcher.options !== 'Trace ID')
      .flatMap(({ properties }) => properties.map(({ id, value }) => (id.endsWith('idth') ? Number(value) : 0)))
    expect(
      widths.reduce((sum, width) => sum + width, 0),
      title,
    ).toBeLessThan(gridPos.w * 49 - 32)
  }
})

test('a curve of nothing but zeros has an axis that fits what it is about, not one up to 100', () => {
  for (const { file, title, fieldConfig } of panels.filter(({ type }) => type === 'timeseries')) {
    const { unit, custom } = fieldConfig?.defaults ?? {}
    expect(custom?.axisSoftMax, `${file}: ${title}`).toBeGreaterThan(0)
    if (unit === 's' && custom?.thresholdsStyle === undefined) expect(custom?.axisSoftMax, title).toBeLessThan(1)
  }
})

test('every curve has a colour that everybody can tell from the others, and none has one of Grafana’s own palette', () => {
  const safe: string[] = [...Object.values(colours), ...Object.values(whoIsWho), 'text']
  for (const { file, title, fieldConfig } of panels.filter(({ type }) => type === 'timeseries')) {
    const where = `${file}: ${title}`
    const { defaults, overrides = [] } = fieldConfig ?? { defaults: {} }
    const ofSome = overrides.flatMap(({ properties }) => properties.filter(({ id }) => id === 'color'))
    const all = [defaults.color, ...ofSome.map(({ value }) => value)] as { mode?: string; fixedColor?: string }[]
    expect(ofSome.length, where).toBeGreaterThan(0)
    for (const colour of all) {
      expect(colour?.mode, where).toBe('fixed')
      expect(safe, where).toContain(colour?.fixedColor)
    }
  }
})

test('a cell of a heat map counts what came since the one before it, over several exports', () => {
  const maps = panels.filter(({ type }) => type === 'heatmap').flatMap(({ targets = [] }) => targets)
  expect(maps.length).toBeGreaterThan(0)
  for (const { expr, interval = '' } of maps) {
    expect(expr).toContain('[$__interval]')
    // Processes export every 2 seconds; one export may be missing.
    expect(Number.parseInt(interval, 10)).toBeGreaterThanOrEqual(3 * 2)
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

test('every query asks for metrics that somebody emits', () => {
  const every = everyQuery()
  expect(strangers(every)).toEqual([])
  const places = every.map(({ place }) => place)
  for (const place of ['PoolWaiting', recordedNames[0], 'link of Requests a second, by route, and failed ones'])
    expect(places).toContain(place)
  const silent = asked.filter(({ source, query }) => source === 'prometheus' && metricsIn(promQlOf(query)).length === 0)
  expect(silent).toEqual([])
})

test('a panel that asks for a metric which nobody emits is named, with the metric', () => {
  const of = (query: string) => ({
    dashboard: 'd',
    place: 'p',
    source: 'prometheus',
    query,
    legend: '',
    isInstant: false,
  })
  expect(strangers([of('sum(rate(shop_checkout_duration_seconds_count[$__rate_interval]))')])).toEqual([])
  expect(strangers([of('rate(shop_checkout_duration_count[1m])'), of('label_values(shop_sales_total, a)')])).toEqual([
    'd, p: shop_checkout_duration_count is in no registry: expected a metric of names.ts or of foreign-metrics.ts',
    'd, p: shop_sales_total is in no registry: expected a metric of names.ts or of foreign-metrics.ts',
  ])
  expect(strangers([of('sum(rate(')])[0]).toMatch(/^d, p: not PromQL at/)
})

test('the limit of the objective is a bucket that is asked for', () => {
  const exprs = targets.map(({ expr = '' }) => expr).join('\n')
  expect(exprs).toContain(`le="${slo.thresholdMs / 1000}"`)
})

test('where a histogram has exemplars, the panels that show its rare values show them', () => {
  const withExemplars = /(shop_checkout_duration_seconds|traces_spanmetrics_duration_seconds)_bucket/
  const byDuration = targets.filter(
    ({ expr = '', instant }) =>
      withExemplars.test(expr) && /histogram_quantile\(0\.99|^sum by \(le\)/.test(expr) && instant !== true,
  )
  expect(byDuration.length).toBeGreaterThanOrEqual(5)
  expect(byDuration.filter(({ exemplar }) => exemplar !== true)).toEqual([])
  // Nobody else sends any: the services' own histogram and the Collector's span_metrics are the only ones.
  expect(targets.filter(({ expr = '', exemplar }) => exemplar === true && !withExemplars.test(expr))).toEqual([])
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
  const encoded = dashboards.flatMap(([file]) => files[`grafana/dashboards/${file}`]?.match(/%24[\w{]/g) ?? [])
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
