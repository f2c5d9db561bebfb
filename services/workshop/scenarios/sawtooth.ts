// SPOILERS: this file is the answer.
// The price list expires as a whole, and everybody who finds it expired fetches all of it from an ERP with two hands.
import { attributes, events, metrics } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { duringPeaks, inBursts, innocent, logLift, saturated, serialSiblings, slowerSpan } from '../../lens/evidence.ts'
import { priceCache } from '../../pricing/flags.ts'
import type { Scenario } from '../scenario.ts'

const pricing = { 'service.name': 'pricing' }
const misses = { ...pricing, [attributes.cacheResult]: 'miss' }
const rate = (metric: string, labels: Record<string, string>) => `sum(rate(${metric}_count${selector(labels)}[5s]))`

export const sawtooth: Scenario = {
  id: 'sawtooth',
  level: 2,
  title: 'A price list that everybody fetches at once',
  question:
    'Every six or seven seconds a dozen checkouts in a row takes a second, and then none does. Nobody runs anything at that pace. What does?',
  arm: [{ flag: priceCache.name, variant: 'stampede' }],
  arithmetic: `The list has 203 products, 9 pages of 25 at 29 ms: 0.26 s for whoever fetches it alone, fast enough.
    But 20 checkouts a second find it expired until the first of them is done, and two processes print it: they need
    9 × 29 ms / 2 = 0.13 s for each list, while a new customer for it comes every 0.05 s. The first one shares them with
    ever more others and is done after some 0.55 s; by then 11 or 12 are at it, which takes 12 × 0.13 s = 1.5 s in all:
    all of them wait for more than 0.43 s, and are over 500 ms with some 70 ms of their own.
    The list is stale 5 s after the last of them, so every 5 + 1.5 s: 12 of 20/s × 6.5 s = 130 checkouts. Expected: 9 %.
    The median does not notice: nine in ten find the list in memory.`,
  truth: {
    component: 'pricing',
    kind: 'cache-stampede',
    mechanism: 'a cache whose entries expire together, filled by everybody at once',
    discriminator: { key: 'pricing:POST /quotes:event', value: events.cacheMiss },
    path: [
      'the price list in memory is five seconds old',
      'every request that comes before it is replaced fetches all of it, page by page',
      'the ERP prints two pages at a time: a dozen lists take six times as long as one',
      'whoever came first waits for the others, and they for each other',
      'their checkouts are slow in api, and the next ones find a fresh list',
    ],
  },
  impact: {},
  symptoms: [
    inBursts('slow checkouts come in bursts at an even pace', { quietMs: 2500, everyMs: [5_000, 8_500] }),
    slowerSpan('slow checkouts wait for the ERP', {
      service: 'pricing',
      kind: 'client',
      name: 'GET',
      atLeastShare: 0.8,
    }),
    serialSiblings('each of them asks it page by page', {
      service: 'pricing',
      kind: 'client',
      name: 'GET',
      atLeast: 8,
      inside: { service: 'pricing', name: 'POST /quotes' },
    }),
    saturated('the ERP is slow again and again', {
      metric: metrics.httpClientDuration,
      labels: pricing,
      above: 0.07,
      atLeastShareOfPoints: 0.15,
    }),
    duringPeaks('they come while the cache has nothing', { metric: metrics.cacheLookups, labels: misses, above: 2 }),
    logLift('and each of them logs that it found nothing in the cache', {
      service: 'pricing',
      pattern: /not in the cache/,
      atLeastShare: 0.8,
    }),
  ],
  alibis: innocent('inventory', 'payment'),
  decoy: {
    says: 'The ERP has become slow for seconds at a time, like clockwork: the wholesaler must have a scheduled job.',
    refutedBy:
      'At exactly those times it is asked a hundred questions instead of three, by us. It is slow after we ask, not before, and asked once it answers as quickly as ever.',
    paste: () => [
      { language: 'PromQL', text: rate(prometheusName(metrics.httpClientDuration), pricing) },
      { language: 'PromQL', text: `sum(increase(${prometheusName(metrics.cacheLookups)}${selector(misses)}[5s]))` },
    ],
  },
  hints: [
    'Put the slow checkouts on a time line. What do you see that an average over a minute hides?',
    'Open a slow checkout and one a second later: which spans does only the slow one have, and how many?',
    'How many of the slow ones of one burst ask the same thing at the same time?',
    'What does the cache count at these moments, and how long is it since it did so before?',
  ],
  wrongFixes: [
    { fix: 'a longer life for the list', because: 'the bursts come less often and are as bad.' },
    { fix: 'a larger connection pool', because: 'nothing waits for the database.' },
    { fix: 'more instances of pricing', because: 'each has a list of its own to fetch: the ERP is asked even more.' },
    { fix: 'a retry when the ERP is slow', because: 'it has too much to do already.' },
  ],
  rightFix: {
    fix: 'let one of them fetch the list, and the others wait for it',
    set: [{ flag: priceCache.name, variant: 'single-flight' }],
  },
  seen: {
    panel: {
      dashboard: 'queue-and-bank',
      panel: 'ERP: how long its answers take, by who asks',
      series: 'pricing (GET), p99',
      least: 0.1,
    },
    alerts: ['CheckoutBurn1m'],
    // Who waited for the same price goes on all at once, and stands in line for connections and rows.
    mayFire: ['PoolWaiting', 'DatabaseSessionsBlocked'],
  },
}
