// What dashboards repeat from files that they cannot import: the Collector's configuration, and the names that k6 gives.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { askedBy, panelsOf } from '../../grafana/asked.ts'
import { dashboards } from '../../grafana/dashboards.ts'
import { collectorMetrics } from '../../grafana/foreign-metrics.ts'
import { type Journey, journeys } from '../../loadtest/journeys.ts'

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8')
const panelOf = (uid: string, title: string) =>
  dashboards
    .flatMap((dashboard) => (dashboard.uid === uid ? panelsOf(dashboard) : []))
    .find((each) => each.title === title)

test('the line above which the Collector refuses is where its memory limiter says', () => {
  const { processors } = parse(read('infra/collector/collector.yaml')) as {
    processors: { memory_limiter: { limit_mib: number; spike_limit_mib: number } }
  }
  const { limit_mib, spike_limit_mib } = processors.memory_limiter
  const { thresholds } = panelOf('pipeline', "The Collector's memory")?.fieldConfig?.defaults ?? {}
  expect(thresholds?.steps.at(-1)?.value).toBe((limit_mib - spike_limit_mib) * 2 ** 20)
})

test('counters of the Collector that are there only after an accident are called like those that are always there', () => {
  const of = (prefix: string) =>
    Object.entries(collectorMetrics).flatMap(([key, name]) => (key.startsWith(prefix) ? [name] : []))
  const insteadOf = (was: string, is: string) => of(was).map((name) => name.replace(`_${was}_`, `_${is}_`))
  expect(of('sent')).toHaveLength(3)
  expect(of('sendFailed')).toEqual(insteadOf('sent', 'send_failed'))
  expect(of('enqueueFailed')).toEqual(insteadOf('sent', 'enqueue_failed'))
  expect(of('refused')).toEqual(insteadOf('accepted', 'refused'))
})

/** Names of the requests that k6 sends: the steps of journeys, signing in, and what is none of the shop's. */
const ofJourneys = Object.values(journeys).flatMap((steps: Journey) => steps.map(({ name }) => name))
const shop = read('loadtest/k6/shop.ts')
const named = (pattern: RegExp) => pattern.exec(shop)?.[1] ?? 'not found'
const signIn = named(/signInStep: Step = \{ name: '([\w-]+)'/)
const notTheShop = named(/notTheShop = '([\w-]+)'/)
const ofShop = [...new Set([...ofJourneys, signIn])]

test('pages ask k6 for requests by names that it gives', () => {
  const asked = dashboards
    .flatMap(askedBy)
    .filter(({ query }) => query.includes('k6_'))
    .flatMap(({ query }) => query.match(/\bname!?=~?"[^"]+"/g) ?? [])
  expect(new Set(asked)).toEqual(new Set(['name="checkout"', `name!="${notTheShop}"`]))
  expect(ofShop).toContain('checkout')
})

test('every request of the users has one colour on the page Load, and no colour is for one that is never sent', () => {
  const { overrides = [] } = panelOf('load', 'Requests a second, and answers (dashed)')?.fieldConfig ?? {}
  const patterns = overrides
    .filter(({ properties }) => properties?.some(({ id }) => id === 'color'))
    .map(({ matcher }) => new RegExp(String(matcher.options).slice(1, -1)))
  expect(ofShop.map((name) => patterns.filter((pattern) => pattern.test(name)).length)).toEqual(ofShop.map(() => 1))
  expect(patterns.filter((pattern) => !ofShop.some((name) => pattern.test(name)))).toEqual([])
})
