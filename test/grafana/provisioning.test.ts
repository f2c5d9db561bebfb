// The provisioned jumps: they name metrics, labels and data sources that exist. Grafana itself checks none of it.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName, underscored } from '../../services/kit/telemetry/prometheus-names.ts'

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8')
const datasources = read('grafana/provisioning/datasources/datasources.yaml')
const collector = read('infra/collector/collector.yaml')

test('a dollar sign is doubled wherever Grafana would take it for an environment variable', () => {
  expect(datasources.replaceAll(/^\s*#.*$/gm, '').match(/(?<!\$)\$(?!\$)\S*/g)).toBeNull()
})

test('every jump leads to a data source that is there', () => {
  const uids = [...datasources.matchAll(/^ {4}uid: (\w+)$/gm)].map(([, uid]) => uid)
  const targets = [...datasources.matchAll(/datasourceUid: (\w+)/g)].map(([, uid]) => uid)
  expect(targets.length).toBeGreaterThanOrEqual(6)
  expect(targets.filter((uid) => !uids.includes(uid))).toEqual([])
})

test('the metrics of a span exist: the services measure them, or the Collector makes them of spans', () => {
  // Prometheus turns the namespace's dots into underscores and appends the unit and `total`.
  expect(collector).toMatch(/namespace: traces\.spanmetrics\s+histogram:\s+unit: s\b/)
  const made = ['traces_spanmetrics_calls_total', 'traces_spanmetrics_duration_seconds_bucket']
  const known = [...made, ...Object.values(metrics).map(prometheusName)]
  const asked = [...datasources.matchAll(/([a-z_]\w*)\{\$\$__tags/g)].map(([, name]) => name as string)
  expect(asked.length).toBeGreaterThanOrEqual(6)
  expect(asked.filter((name) => !known.includes(name))).toEqual([])
})

test('a line leads to its own trace, and a line about a wait to the one it waits for', () => {
  const matchers = [...datasources.matchAll(/matcherType: label\s+matcherRegex: (\S+)/g)].map(
    ([, text]) => new RegExp((text as string).replaceAll('$$', '$')),
  )
  const labels = ['trace_id', 'span_id', underscored(attributes.blockedByTraceId), underscored(attributes.blockedByPid)]
  expect(matchers.map((matcher) => labels.filter((name) => matcher.test(name)))).toEqual([
    ['trace_id'],
    [underscored(attributes.blockedByTraceId)],
  ])
})

test('nothing that is provisioned can be changed or deleted in the browser', () => {
  expect(datasources.match(/editable: false/g)).toHaveLength(3)
  const provider = read('grafana/provisioning/dashboards/dashboards.yaml')
  expect(provider).toMatch(/disableDeletion: true/)
  expect(provider).toMatch(/allowUiUpdates: false/)
})
