// SPOILERS: this file is the answer.
// Questions to pricing wait in one row behind one that takes 0.55 s, and the desk that asks them has no request's context.
import { agreementLookup } from '../../../infra/world/flags.ts'
import { priceTurns } from '../../inventory/flags.ts'
import { attributes, lineTexts, metrics, spans } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { innocent, missingEdge, saturated, slowerSpan, untracedLines } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

const inInventory = { 'service.name': 'inventory' }
const pricingMedian = `histogram_quantile(0.5, sum by (le) (rate(${prometheusName(metrics.httpServerDuration)}_bucket${selector({ 'service.name': 'pricing' })}[1m])))`

export const elsewhere: Scenario = {
  id: 'elsewhere',
  level: 3,
  title: 'A row behind a desk that works in nobody’s name',
  question: 'Slow checkouts wait for a price, and nothing happens in their traces meanwhile. Where is the time?',
  arm: [
    { flag: priceTurns.name, variant: 'in-turn' },
    { flag: agreementLookup.name, variant: 'overseas', where: { [attributes.cartSize]: 'bulk' } },
  ],
  arithmetic: `2 % of checkouts are bulk carts of business customers, for whose prices pricing asks the wholesaler's ERP, and such long
    lists it has to get from overseas: 0.4 a second, 0.55 s each. All questions go out from one desk, in turn: for
    0.4 × 0.55 s = 22 % of the time nobody else's is asked.
    Who comes in the first 0.12 s of such a question waits more than 430 ms, and with 70 ms of its own is over 500 ms: 2.4
    checkouts, and the one that asked. 0.4 × 3.4 / 20 = 6.8 %. Expected: 5 to 11 %, two thirds of them asked for something
    that takes 5 ms. Other questions keep the desk busy for 20 × 8 ms = 16 % of the time; the median waits for next to nothing.`,
  truth: {
    component: 'inventory',
    kind: 'untraced-queue',
    mechanism: 'a queue of one, whose worker does not carry the context of those who wait',
    discriminator: { nothing: 'time' },
    path: [
      'some questions to the ERP take 0.55 s',
      'inventory asks pricing one question at a time, so all others wait in a row',
      'the worker was started with the service and belongs to no trace: pricing’s spans are traces of their own',
      'slow checkouts show a wait with nothing below it',
    ],
  },
  // Everybody stands in one row: where each question takes half as long again, because the machine is slower, all of them wait for it.
  impact: { medianRatioAtMost: 2, slowShare: [0.02, 0.25] },
  symptoms: [
    saturated('questions to pricing wait in a row again and again', {
      metric: metrics.priceRow,
      labels: inInventory,
      above: 3,
      atLeastShareOfPoints: 0.15,
    }),
    slowerSpan('slow checkouts wait for a price', { service: 'inventory', name: spans.priceCart, atLeastShare: 0.8 }),
    missingEdge('no checkout shows pricing in its trace any more', { to: 'pricing' }),
    untracedLines('lines that belong to no trace say which orders waited for their turn', {
      service: 'inventory',
      pattern: new RegExp(`waited \\d+ ms ${lineTexts.waitedForTurn}`),
      key: attributes.orderId,
      // The others are those that everybody waits for.
      atLeastShare: 0.5,
    }),
  ],
  alibis: innocent('payment', 'api'),
  breaks: 'propagation',
  decoy: {
    says: 'Slow checkouts wait for pricing, so pricing is slow.',
    refutedBy:
      'Pricing answers as quickly as before in the median, and on average has less than one request under way, while a dozen wait for a price.',
    paste: () => [
      { language: 'PromQL', text: pricingMedian },
      {
        language: 'PromQL',
        text: `sum(rate(${prometheusName(metrics.httpServerDuration)}_sum${selector({ 'service.name': 'pricing' })}[1m]))`,
      },
      { language: 'PromQL', text: `max(${prometheusName(metrics.priceRow)}${selector(inInventory)})` },
    ],
  },
  hints: [
    'Open a slow checkout. What is below its widest span, and what is below that span in a checkout from before?',
    'Look for traces that begin in pricing. Who starts them, and which of them take long?',
    'Look for lines of inventory without a trace. Which key joins them to a checkout?',
    'How many questions to pricing are under way at once, and what do the others do?',
  ],
  wrongFixes: [
    {
      fix: 'more instances of pricing',
      because: 'there is one question under way at a time, however many could be asked.',
    },
    {
      fix: 'a faster pricing',
      because: 'its own work is a few milliseconds; who waits, waits for another’s question.',
    },
    { fix: 'a larger connection pool', because: 'no checkout waits for a connection.' },
  ],
  // Without the desk nobody waits for another's question; the long lists themselves would still take 0.62 s, 2 % of checkouts.
  rightFix: {
    fix: 'ask pricing as the carts come, and have the ERP keep the long lists at hand',
    set: [
      { flag: priceTurns.name, variant: 'as-they-come' },
      { flag: agreementLookup.name, variant: 'at-hand' },
    ],
  },
  seen: {
    panel: {
      dashboard: 'queue-and-bank',
      panel: 'Pricing: questions that wait for their turn',
      series: 'inventory-1',
      least: 3,
    },
    alerts: ['CheckoutBurn1m'],
    // Who stood before pricing goes on all at once, and stands in line for connections and rows.
    mayFire: ['PoolWaiting', 'DatabaseSessionsBlocked'],
  },
}
