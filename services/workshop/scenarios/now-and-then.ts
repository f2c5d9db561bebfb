// SPOILERS: this file is the answer.
// The office reads a stock report whose parts each keep a connection while the ERP is asked: all twenty, for a second.
import { officeHours } from '../../../infra/world/flags.ts'
import { reportReading } from '../../inventory/flags.ts'
import { attributes, metrics, spans } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { beforeLine, innocent, logLift, saturated, slowerSpan } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

const inInventory = { 'service.name': 'inventory' }
const sessions = prometheusName(metrics.dbSessions)
const statements = prometheusName(metrics.dbDuration)

export const nowAndThen: Scenario = {
  id: 'now-and-then',
  level: 2,
  title: 'A report keeps all connections of the pool',
  question:
    'Slow checkouts have nothing in common but their time. The database says that it is idle. What do they wait for?',
  arm: [
    { flag: reportReading.name, variant: 'by-department' },
    { flag: officeHours.name, variant: 'open' },
  ],
  arithmetic: `The report has 20 departments, and each keeps one of the pool's 20 connections while the ERP tells what is on
    its way: 60 × 18 ms = 1.08 s in the median, with a spread of 10 % between 0.9 s for the first and 1.3 s for the last. So
    for 0.9 s no connection is free, then the queue is served within a few milliseconds each.
    A checkout that comes in the first 0.9 − 0.43 = 0.47 s of that waits more than 430 ms, and with 70 ms of its own is over
    500 ms: 9 of the 20 a second. The office reads again 5 s after the answer, every 6.4 s: 9 of 128. Expected: 7 %.
    14 % of checkouts wait at all; the median does not notice.`,
  truth: {
    component: 'inventory',
    kind: 'pool-exhausted',
    mechanism: 'a pool whose connections another endpoint keeps while it waits for somebody else',
    discriminator: { nothing: 'time' },
    path: [
      'the office asks inventory for the stock report',
      'the report takes a connection for each of 20 departments and keeps it while the ERP is asked',
      'reservations queue for a connection of the same pool',
      'their checkouts are slow in api',
    ],
  },
  impact: {},
  symptoms: [
    saturated('requests queue for a connection of inventory again and again', {
      metric: metrics.poolWaiting,
      labels: inInventory,
      above: 2,
      atLeastShareOfPoints: 0.15,
    }),
    saturated('sessions of inventory are inside a transaction and do nothing, many at once', {
      metric: metrics.dbSessions,
      labels: { 'postgresql.user': 'inventory', [attributes.sessionState]: 'idle in transaction' },
      above: 4,
      atLeastShareOfPoints: 0.1,
      heartbeat: { metric: metrics.dbSessions, labels: { 'postgresql.user': 'inventory' } },
    }),
    slowerSpan('slow checkouts wait for a connection', {
      service: 'inventory',
      name: spans.poolConnect,
      atLeastShare: 0.8,
    }),
    logLift('inventory says of slow checkouts how long they waited for a connection', {
      service: 'inventory',
      pattern: /waited \d+ ms for a database connection/,
      atLeastShare: 0.8,
    }),
    beforeLine('slow checkouts begin while a stock report is being written', {
      service: 'inventory',
      pattern: /^stock report of/,
      beforeMs: 1_600,
    }),
  ],
  alibis: innocent('pricing', 'payment', 'api'),
  decoy: {
    says: 'Checkouts wait for the database, so the database is overloaded: it needs more CPU, or more connections.',
    refutedBy:
      'Its statements are as quick as before, and in the bad moments next to none of its sessions is active: they sit idle inside a transaction.',
    paste: () => [
      {
        language: 'PromQL',
        text: `sum by (postgresql_state) (${sessions}${selector({ 'postgresql.user': 'inventory' })})`,
      },
      {
        language: 'PromQL',
        text: `rate(${statements}_sum${selector(inInventory)}[1m]) / rate(${statements}_count${selector(inInventory)}[1m])`,
      },
    ],
  },
  hints: [
    'Compare slow with fast checkouts: does any attribute tell them apart? If none does, look at when they came.',
    'Open a slow checkout. Is its statement slow, or what comes before the statement?',
    'How many connections has the pool of inventory, and what do they do in the bad moments?',
    'Which other requests does inventory answer at that time, and what do they do inside a transaction?',
  ],
  wrongFixes: [
    { fix: 'a faster database', because: 'it has nothing to do: those who hold the connections wait for the ERP.' },
    { fix: 'a larger max_connections', because: 'the limit that is reached is that of the pool.' },
    { fix: 'an index', because: 'no statement is slow.' },
    { fix: 'more instances of payment or pricing', because: 'neither is waited for.' },
  ],
  rightFix: {
    fix: 'read the report at once, and ask the ERP without a connection',
    set: [{ flag: reportReading.name, variant: 'in-one' }],
  },
  seen: {
    panel: { dashboard: 'postgres', panel: 'Requests without a connection', series: 'inventory-1', least: 3 },
    alerts: ['CheckoutBurn1m', 'PoolWaiting'],
    // Who waited for a connection goes on all at once, and stands in line for rows.
    mayFire: ['DatabaseSessionsBlocked'],
  },
}
