// Every link of a dashboard and where it stands: of the page, of a panel's title, of a point or a cell, and in texts.
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { panelsOf } from './asked.ts'

/** `panel` is undefined for a link of the page itself. The address has Grafana's variables still in it. */
export type Link = { dashboard: string; panel: Panel | undefined; url: string }

export function linksOf(dashboard: Dashboard): Link[] {
  const uid = dashboard.uid ?? ''
  const ofPage = (dashboard.links ?? []).flatMap(({ type, url = '' }) => (type === 'link' ? [url] : []))
  const ofPanels = panelsOf(dashboard).flatMap((panel) => urlsOf(panel).map((url) => ({ dashboard: uid, panel, url })))
  return [...ofPage.map((url) => ({ dashboard: uid, panel: undefined, url })), ...ofPanels]
}

type WithUrl = { url?: string }

function urlsOf({ links = [], fieldConfig, options }: Panel): string[] {
  const ofPoints = (fieldConfig?.defaults.links ?? []) as WithUrl[]
  const ofOverrides = (fieldConfig?.overrides ?? []).flatMap(({ properties = [] }) =>
    properties.flatMap(({ id, value }) => (id === 'links' ? (value as unknown as WithUrl[]) : [])),
  )
  const { content = '' } = (options ?? {}) as { content?: string }
  const ofText = [...content.matchAll(/\]\(([^)\s]+)\)/g)].map(([, url]) => ({ url: url as string }))
  return [...links, ...ofPoints, ...ofOverrides, ...ofText].flatMap(({ url = '' }) => (url === '' ? [] : [url]))
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

/** What a link to Explore asks: the data source's uid and the queries. */
export function exploredBy(
  url: string,
): { datasource: string; queries: { expr?: string; query?: string }[] } | undefined {
  if (!url.startsWith('/explore?')) return undefined
  const left = new URL(url, 'http://grafana').searchParams.get('left') ?? '{}'
  return JSON.parse(left) as { datasource: string; queries: { expr?: string; query?: string }[] }
}
