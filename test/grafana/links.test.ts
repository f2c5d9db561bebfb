// Links between dashboards lead to pages and variables that exist; those to Explore ask a data source that is there.
import { expect, test } from 'vitest'
import { alerts } from '../../grafana/alerts/index.ts'
import { firing, subjects } from '../../grafana/checkout/queries.ts'
import { dashboards } from '../../grafana/dashboards.ts'
import { variablesOf } from '../../grafana/filled.ts'
import { exploredBy, linksOf, pageOf } from '../../grafana/links.ts'
import { sources } from '../../grafana/sources.ts'

/** Filled in by the row that is clicked. */
const runbookOfRow = `runbook-$\{__value.raw}`

const links = dashboards.flatMap(linksOf)
const nameOf = ({ dashboard, panel, url }: (typeof links)[number]) => `${dashboard}, ${panel?.title ?? 'page'}: ${url}`

test('a link leads to a dashboard or to Explore, and nowhere else', () => {
  expect(links.length).toBeGreaterThan(dashboards.length)
  const strays = links.filter(({ url }) => pageOf(url) === undefined && exploredBy(url) === undefined)
  expect(strays.map(nameOf)).toEqual([])
})

test('a link to a dashboard names one that exists, and variables that it has', () => {
  for (const link of links) {
    const page = pageOf(link.url)
    if (page === undefined || page.uid === runbookOfRow) continue
    const target = dashboards.find(({ uid }) => uid === page.uid)
    expect(target, nameOf(link)).toBeDefined()
    const known = target === undefined ? [] : variablesOf(target).map(({ name }) => name)
    expect(
      Object.keys(page.variables).filter((name) => !known.includes(name)),
      nameOf(link),
    ).toEqual([])
    expect(link.url, nameOf(link)).toContain(`from=$\{__from}&to=$\{__to}`)
  }
})

test('the name of a firing alert, without its window, is that of its runbook', () => {
  const [, pattern = ''] = /"alertname", "([^"]+)"\)/.exec(firing) ?? []
  for (const { name, runbook } of alerts) {
    const [, found] = new RegExp(`^(?:${pattern})$`).exec(name) ?? []
    expect(dashboards.map(({ uid }) => uid)).toContain(`runbook-${found}`)
    expect(found).toBe(runbook.name)
  }
})

test('whose an alert is can be told by what its summary names', () => {
  const named = alerts
    .filter(({ window }) => window === 'workshop')
    .flatMap(({ summary }) => [...summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label))
  expect(named.filter((label) => label !== 'error_type' && !subjects.includes(label ?? ''))).toEqual([])
  for (const label of subjects) expect(firing).toContain(`"whose", "$1", "${label}"`)
})

test('a link to Explore asks a data source that is provisioned', () => {
  const uids = Object.values(sources).map(({ uid }) => uid as string)
  for (const link of links) {
    const explored = exploredBy(link.url)
    if (explored !== undefined) expect(uids, nameOf(link)).toContain(explored.datasource)
  }
})

test('every dashboard is reached from the first one, in the steps at its top', () => {
  const next = (uid: string) =>
    links
      .filter(({ dashboard, panel }) => dashboard === uid && panel?.type === 'text')
      .flatMap(({ url }) => pageOf(url)?.uid ?? [])
  const reached = new Set(['checkout'])
  for (const uid of reached) for (const each of next(uid)) reached.add(each)
  const pages = dashboards.filter(({ tags }) => tags?.includes('shop')).map(({ uid }) => uid)
  expect(pages.filter((uid) => !reached.has(uid ?? ''))).toEqual([])
})
