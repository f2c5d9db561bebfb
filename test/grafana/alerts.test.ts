// The alerts: generated, made of names that exist, each with a page that says what to do, and each proved to fire and to be
// silent (by promtool, whose test files are in alerts/).
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { parse } from 'yaml'
import { runbookUid } from '../../grafana/alerts/alert.ts'
import { ruleFiles } from '../../grafana/alerts/files.ts'
import { alerts, recordedNames, ruleGroups } from '../../grafana/alerts/index.ts'
import { runbookDashboards } from '../../grafana/alerts/runbooks.ts'
import { panelsOf } from '../../grafana/asked.ts'
import { titles } from '../../grafana/dashboard.ts'
import { dashboards } from '../../grafana/dashboards.ts'
import { variablesOf } from '../../grafana/filled.ts'
import { linksOf, pageOf } from '../../grafana/links.ts'
import { strangersIn } from '../../grafana/promql.ts'
import { slo } from '../../services/kit/slo.ts'
import { scenarios } from '../../services/workshop/scenarios/index.ts'

type Rule = { alert?: string; record?: string; expr: string; annotations?: Record<string, string> }
type RuleFile = { groups: { name: string; rules: Rule[] }[] }
type Expected = { alertname: string; exp_alerts: unknown[] }
type TestFile = {
  rule_files: string[]
  tests: { alert_rule_test?: Expected[]; promql_expr_test?: { expr: string }[] }[]
}

const rulesFolder = resolve(import.meta.dirname, '../../infra/prometheus/rules')
const testFolder = resolve(import.meta.dirname, 'alerts')

const rules = Object.values(ruleFiles())
  .map((text) => parse(text) as RuleFile)
  .flatMap(({ groups }) => groups.flatMap((group) => group.rules))
const testFiles = readdirSync(testFolder).map(
  (name) => parse(readFileSync(resolve(testFolder, name), 'utf8')) as TestFile,
)
const proofs = testFiles.flatMap(({ tests }) => tests)
const runbooks = runbookDashboards().map((builder) => builder.build())

test('the committed rules are what the code says, and there are no others', () => {
  const present = readdirSync(rulesFolder).map((name) => [name, readFileSync(resolve(rulesFolder, name), 'utf8')])
  expect(Object.fromEntries(present)).toEqual(ruleFiles())
})

test('what is written is what the data say', () => {
  expect(rules.flatMap(({ alert }) => alert ?? [])).toEqual(alerts.map(({ name }) => name))
  expect(rules.flatMap(({ record }) => record ?? [])).toEqual(recordedNames)
  expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length)
  const groups = Object.values(ruleGroups).flat()
  expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length)
})

test('every rule and every picture of one asks for metrics that somebody emits, or that are recorded', () => {
  const asked = [...rules.map(({ expr }) => expr), ...alerts.map(({ value }) => value.expr)]
  expect(asked.flatMap((expr) => strangersIn(expr, recordedNames))).toEqual([])
})

test('a series is recorded before an alert of the same group asks for it', () => {
  for (const { name, recorded = [], alerts } of Object.values(ruleGroups).flat()) {
    const own = recorded.map((each) => each.name)
    expect(
      alerts.flatMap(({ expr }) => strangersIn(expr, own)),
      name,
    ).toEqual([])
  }
})

test('promtool sees every alert fire and sees it silent', () => {
  const expectations = proofs.flatMap(({ alert_rule_test = [] }) => alert_rule_test)
  for (const { name } of alerts) {
    const of = expectations.filter(({ alertname }) => alertname === name)
    expect(
      of.some(({ exp_alerts }) => exp_alerts.length > 0),
      `${name} firing`,
    ).toBe(true)
    expect(
      of.some(({ exp_alerts }) => exp_alerts.length === 0),
      `${name} silent`,
    ).toBe(true)
  }
  const known = alerts.map(({ name }) => name)
  expect(expectations.map(({ alertname }) => alertname).filter((name) => !known.includes(name))).toEqual([])
})

test('promtool computes every recorded series', () => {
  const exprs = proofs.flatMap(({ promql_expr_test = [] }) => promql_expr_test.map(({ expr }) => expr))
  expect(recordedNames.filter((name) => !exprs.some((expr) => expr.includes(name)))).toEqual([])
})

test('promtool reads every file of rules', () => {
  const read = testFiles.flatMap(({ rule_files }) => rule_files.map((path) => resolve(testFolder, path)))
  expect(new Set(read.map(dirname))).toEqual(new Set([rulesFolder]))
  expect(new Set(read.map((path) => basename(path)))).toEqual(new Set(Object.keys(ruleFiles())))
})

test('an alert says what was measured, and leads to its runbook and to a dashboard', () => {
  const pages = runbooks.map(({ uid }) => uid)
  for (const { alert, annotations = {} } of rules.filter((rule) => rule.alert !== undefined)) {
    const uidOf = (url = '') => addressOf(url)?.uid
    expect(annotations.summary, alert).toMatch(/\{\{ \$(value|labels)|^The Collector/)
    expect(pages, alert).toContain(uidOf(annotations.runbook_url))
    expect(Object.keys(titles), alert).toContain(uidOf(annotations.dashboard_url))
  }
})

test('an alert about a service leads to its page at that service, where there is a choice of one', () => {
  for (const { alert, expr, annotations = {} } of rules.filter((rule) => rule.alert !== undefined)) {
    const { uid, variables = {} } = addressOf(annotations.dashboard_url) ?? {}
    const page = dashboards.find((dashboard) => dashboard.uid === uid)
    const choices = page === undefined ? [] : variablesOf(page).map(({ name }) => name)
    expect(Object.keys(variables), alert).toEqual(choices.filter((name) => name === 'service'))
    for (const value of Object.values(variables)) {
      const [, label = 'no label'] = /^\{\{ \$labels\.(\w+) \}\}$/.exec(value) ?? []
      expect(expr, alert).toContain(label)
    }
  }
})

const addressOf = (url = '') =>
  url.startsWith('http://localhost:3000/') ? pageOf(url.replace('http://localhost:3000', '')) : undefined

test('every runbook is the page of an alert, explains itself, and shows what each of its rules looks at', () => {
  expect(runbooks.map(({ uid }) => uid)).toEqual([...new Set(alerts.map(({ runbook }) => runbookUid(runbook)))])
  for (const dashboard of runbooks) {
    const [text, ...pictures] = panelsOf(dashboard)
    const { content } = (text?.options ?? {}) as { content?: string }
    for (const heading of ['What it means', 'Is it real?', 'Look here first', 'What usually ends it'])
      expect(content, dashboard.uid).toContain(`**${heading}`)
    const own = alerts.filter(({ runbook }) => runbookUid(runbook) === dashboard.uid)
    expect(pictures.map(({ targets = [] }) => (targets[0] as { expr?: string }).expr)).toEqual(
      own.map(({ value }) => value.expr),
    )
    for (const [index, { fieldConfig, description }] of pictures.entries()) {
      expect(fieldConfig?.defaults.thresholds?.steps.at(-1)?.value).toBe(own[index]?.threshold)
      expect(fieldConfig?.defaults.unit, dashboard.uid).toBeTruthy()
      expect(description?.length, dashboard.uid).toBeGreaterThan(60)
    }
  }
})

test('a runbook leads to dashboards that exist, two at least, and names no scenario', () => {
  for (const dashboard of runbooks) {
    const pages = linksOf(dashboard).map(({ url }) => pageOf(url)?.uid ?? url)
    expect(pages.length, dashboard.uid).toBeGreaterThanOrEqual(2)
    expect(
      pages.filter((page) => !(page in titles)),
      dashboard.uid,
    ).toEqual([])
    const text = JSON.stringify(dashboard)
    expect(
      scenarios.filter(({ id }) => new RegExp(`\\b${id}\\b`, 'i').test(text)).map(({ id }) => id),
      dashboard.uid,
    ).toEqual([])
  }
})

test('another objective makes other rules', async () => {
  onTestFinished(() => {
    vi.doUnmock('../../services/kit/slo.ts')
    vi.resetModules()
  })
  vi.resetModules()
  vi.doMock('../../services/kit/slo.ts', () => ({
    slo: { objective: 0.95, thresholdMs: 250 },
    errorBudget: 0.05,
    errorBudgetInWords: '5 %',
  }))
  const { ruleFiles: others } = await import('../../grafana/alerts/files.ts')
  const of = (files: Record<string, string>) => files['checkout.yml'] ?? ''
  expect(of(ruleFiles())).toContain(`le="${slo.thresholdMs / 1000}"`)
  expect(of(others())).toContain('le="0.25"')
  expect(of(others())).not.toContain(`le="${slo.thresholdMs / 1000}"`)
  expect(of(others()).match(/\) \/ 0\.05$/gm)).toHaveLength(8)
  expect(of(others())).toContain('95 % within 250 ms')
  expect(others()['saturation.yml']).toContain('more than 125 ms')
})
