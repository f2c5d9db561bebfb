// Every link of a dashboard and where it stands: of the page, of a panel's title, of a point or a cell, and in texts.
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { type Asked, panelsOf } from './asked.ts'
import { sources } from './sources.ts'

/**
 * `panel` is undefined for a link of the page itself. The address has Grafana's variables still in it. `on` says on which
 * series or columns a link of points stands, by what they are called.
 */
export type Link = { dashboard: string; panel: Panel | undefined; url: string; on?: (name: string) => boolean }

export function linksOf(dashboard: Dashboard): Link[] {
  const uid = dashboard.uid ?? ''
  const ofPage = (dashboard.links ?? []).flatMap(({ type, url = '' }) => (type === 'link' ? [{ url }] : []))
  const ofPanels = panelsOf(dashboard).flatMap((panel) =>
    [...ofTitle(panel), ...ofPoints(panel), ...ofText(panel)].map((link) => ({ dashboard: uid, panel, ...link })),
  )
  return [...ofPage.map((link) => ({ dashboard: uid, panel: undefined, ...link })), ...ofPanels].filter(
    ({ url }) => url !== '',
  )
}

type WithUrl = { url?: string }
type Found = Pick<Link, 'url' | 'on'>

const ofTitle = ({ links = [] }: Panel): Found[] => links.map(({ url = '' }) => ({ url }))

/** An override's links stand in place of the panel's own. */
function ofPoints({ fieldConfig }: Panel): Found[] {
  const overrides = (fieldConfig?.overrides ?? []).flatMap(({ matcher, properties = [] }) =>
    properties.flatMap(({ id, value }) =>
      id === 'links' ? [{ on: isNamed(matcher), links: value as unknown as WithUrl[] }] : [],
    ),
  )
  const isElsewhere = (name: string) => overrides.some(({ on }) => on(name))
  const own = ((fieldConfig?.defaults.links ?? []) as WithUrl[]).map(({ url = '' }) => ({
    url,
    on: (name: string) => !isElsewhere(name),
  }))
  return [...own, ...overrides.flatMap(({ on, links }) => links.map(({ url = '' }) => ({ url, on })))]
}

function isNamed({ id, options }: { id: string; options?: unknown }): (name: string) => boolean {
  if (id !== 'byRegexp') return (name) => name === options
  const [, pattern = '', flags] = /^\/(.*)\/(\w*)$/s.exec(String(options)) ?? [undefined, String(options)]
  return (name) => new RegExp(pattern, flags).test(name)
}

function ofText({ options }: Panel): Found[] {
  const { content = '' } = (options ?? {}) as { content?: string }
  return [...content.matchAll(/\]\(([^)\s]+)\)/g)].map(([, url = '']) => ({ url }))
}

/** What a link to a dashboard names: `/d/service?var-service=api` is the page `service` with its variable `service` at `api`. */
export function pageOf(url: string): { uid: string; variables: Record<string, string> } | undefined {
  const [, uid, query = ''] = /^\/d\/([\w-]+(?:\$\{[^}]+\})?)(?:[/?](.*))?$/.exec(url) ?? []
  if (uid === undefined) return undefined
  const variables = query.split('&').flatMap((pair) => {
    const [, name, value] = /^var-([^=]+)=(.*)$/.exec(pair) ?? []
    return name === undefined ? [] : [[name, value ?? ''] as const]
  })
  return { uid, variables: Object.fromEntries(variables) }
}

/** The PromQL that stands behind a dashboard's links to Explore, as if it stood in the panel. */
export const askedByLinks = (dashboard: Dashboard): Asked[] =>
  linksOf(dashboard).flatMap(({ dashboard, panel, url }) => {
    const { datasource, queries = [] } = exploredBy(url) ?? {}
    if (datasource !== sources.metrics.uid) return []
    return queries.map(({ expr = '' }) => ({
      dashboard,
      place: `link of ${panel?.title ?? 'the page'}`,
      source: datasource,
      query: expr,
      legend: '',
      isInstant: false,
    }))
  })

/** What a link to Explore asks: the data source's uid and the queries. */
export function exploredBy(
  url: string,
): { datasource: string; queries: { expr?: string; query?: string }[] } | undefined {
  if (!url.startsWith('/explore?')) return undefined
  const left = new URL(url, 'http://grafana').searchParams.get('left') ?? '{}'
  return JSON.parse(left) as { datasource: string; queries: { expr?: string; query?: string }[] }
}
