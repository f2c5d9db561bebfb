// SPOILERS: this file is the answer.
// Wholesale carts lock their rows before they are priced line by line, and everybody wants the bestseller.
import { reservationLocking } from '../../inventory/flags.ts'
import { attributes, metrics, spans } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { innocent, logLift, saturated, serialSiblings, shared, slowerSpan } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

const bulk = { [attributes.cartSize]: 'bulk' }
const ordinary = { [attributes.cartSize]: { not: 'bulk' } }
const bestseller = 'enamel-mug'

const rowLocks = { [attributes.waitEventType]: 'Lock' }
const reservation = { service: 'inventory', name: 'POST /reservations' } as const
const quantile = (q: number, metric: string, labels: Record<string, string>) =>
  `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket${selector(labels)}[1m])))`

export const hotProduct: Scenario = {
  id: 'hot-product',
  level: 1,
  title: 'One popular product makes checkouts queue',
  question: 'Most checkouts are fine, a few take most of a second, and the database is bored. Who waits for whom?',
  arm: [{ flag: reservationLocking.name, variant: 'across-pricing', where: bulk }],
  arithmetic: `20 checkouts a second × 2 % bulk carts = one bulk cart every 2.5 s.
    It asks for a price 30 to 40 times, one after the other, at 18 ms and some overhead each: 35 × 21 ms = 0.74 s, all that
    time with the bestseller's row locked, which is therefore busy 0.4/s × 0.74 s = 30 % of the time.
    34 % of ordinary carts want it. One that comes while it is busy waits 0.37 s on average, and is over 500 ms in all
    (some 70 ms of its own, so more than 430 ms of waiting) in (0.74 − 0.43) / 0.74 = 42 % of cases:
    0.98 × 34 % × 30 % × 42 % = 4.2 %, and the 2 % bulk carts themselves. Expected: 6 %, two thirds of them innocent.
    The median does not notice: 0.98 × 34 % × 30 % = 10 % of checkouts wait at all.`,
  truth: {
    component: 'inventory',
    kind: 'row-lock',
    mechanism: 'a row lock in Postgres, held across remote calls',
    discriminator: { key: attributes.sku, value: bestseller, among: 'ordinary carts', cohort: ordinary },
    path: [
      'a bulk cart locks its rows, the bestseller first',
      'it is priced line by line while the transaction stays open',
      'ordinary carts with the bestseller wait for the row',
      'their checkouts are slow in api',
    ],
  },
  impact: {},
  symptoms: [
    saturated('sessions wait for a lock again and again', {
      metric: metrics.dbSessionsWaiting,
      labels: rowLocks,
      above: 0,
      atLeastShareOfPoints: 0.15,
    }),
    shared('slow ordinary carts have one product in common', {
      key: attributes.sku,
      value: bestseller,
      among: ordinary,
      atLeastShare: 0.8,
    }),
    slowerSpan('slow ordinary carts spend their time locking stock', {
      service: 'inventory',
      name: spans.lockStock,
      among: ordinary,
      atLeastShare: 0.8,
    }),
    serialSiblings('slow bulk carts are priced line by line inside the transaction', {
      service: 'inventory',
      kind: 'client',
      to: 'pricing',
      atLeast: 20,
      inside: reservation,
      between: {
        from: { service: 'inventory', name: spans.lockStock },
        to: { service: 'inventory', name: 'pg.query:COMMIT shop' },
      },
      among: bulk,
    }),
    logLift('Postgres tells who waits, and its lines lead to a bulk cart', {
      service: 'postgres',
      pattern: /still waiting for/,
      among: ordinary,
      leadsTo: { cohort: bulk },
    }),
  ],
  alibis: innocent('pricing', 'payment', 'api'),
  loudest: 'inventory',
  decoy: {
    says: 'Pricing gets nearly twice as many requests, so pricing must be overloaded.',
    refutedBy: 'Each of its answers takes as long as before: the callers ask more often, they do not wait longer.',
    paste: () => [
      {
        language: 'PromQL',
        text: `sum(rate(${prometheusName(metrics.httpServerDuration)}_count${selector({ 'service.name': 'pricing' })}[1m]))`,
      },
      {
        language: 'PromQL',
        text: quantile(0.5, prometheusName(metrics.httpServerDuration), { 'service.name': 'pricing' }),
      },
    ],
  },
  hints: [
    'Open a slow checkout. Is its widest span working or waiting?',
    'Compare slow with fast checkouts of ordinary size: what is in the cart of nearly every slow one?',
    'Read what Postgres logged about a slow checkout, and open the checkout it was blocked by.',
    'In the blocking checkout: which statement comes before the many calls, and which one after?',
  ],
  wrongFixes: [
    {
      fix: 'a larger connection pool',
      because: 'no checkout waits for a connection; more of them would wait for the same row.',
    },
    { fix: 'an index on stock', because: 'the row is found in no time: the statement waits, it does not search.' },
    {
      fix: 'more instances of pricing',
      because: 'each of its answers is quick; the lock is held across all of them together.',
    },
    { fix: 'a faster database', because: 'the one that holds the lock is waiting for the network.' },
    {
      fix: 'price that way for business customers only, until it is understood',
      because: 'the bulk carts that hold the row for so long are theirs.',
      set: [{ flag: reservationLocking.name, variant: 'across-pricing', where: { [attributes.tier]: 'business' } }],
    },
  ],
  rightFix: {
    fix: 'price first, and lock the rows only while they change',
    set: [{ flag: reservationLocking.name, variant: 'narrow' }],
  },
  seen: {
    panel: {
      dashboard: 'postgres',
      panel: 'Waiting for another session, by service and lock',
      series: 'inventory: Lock transactionid',
      least: 1.5,
    },
    alerts: ['CheckoutBurn1m', 'DatabaseSessionsBlocked'],
    // Who waits for the row keeps a connection meanwhile, and others stand in line for one.
    mayFire: ['PoolWaiting'],
  },
}
