// SPOILERS: this file is the answer.
// Inventory asks pricing about each line of a cart, one after the other, and pricing asks the ERP each time.
import { agreementLookup } from '../../../infra/world/flags.ts'
import { cartPricing } from '../../inventory/flags.ts'
import { attributes, metrics, spans } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { busier, innocent, larger, logLift, serialSiblings, shared, slowerSpan } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

const business = { [attributes.tier]: 'business' }
const inPricing = { 'service.name': 'pricing' }
const duration = prometheusName(metrics.httpServerDuration)

export const longCarts: Scenario = {
  id: 'long-carts',
  level: 1,
  title: 'Carts are priced line by line',
  question: 'No call takes a tenth of a second, and some checkouts take three seconds. What do they do all that time?',
  arm: [
    { flag: cartPricing.name, variant: 'line-by-line' },
    { flag: agreementLookup.name, variant: 'on-file' },
  ],
  arithmetic: `A line of a business customer takes pricing a question to the ERP: 18 + 70 ms and some overhead, 92 ms; a line of
    anybody else 4 ms. On top come the checkout's other 60 ms, so that five lines of a business customer are over 500 ms.
    2 % bulk carts of 30 to 40 lines: 2.8 to 3.7 s, all slow, and within the deadline of 5 s.
    0.98 × 10 % business customers × (5 % with 8 to 16 lines + 13 % × three quarters with 5 to 7 lines) = 1.4 %.
    Expected: 3.4 %.
    16 lines of anybody else are 16 × 4 ms: not slow. The median cart has two lines and takes 4 ms longer.
    Pricing gets 3.3 times as many requests: an ordinary cart has 2.6 lines on average, a bulk cart 35.
    Either change alone does little: one question at 92 ms is not slow, and with the ERP as it was only bulk carts are.`,
  truth: {
    component: 'inventory',
    kind: 'one-by-one',
    mechanism: 'one remote call per line, one after the other, where one call would do',
    discriminator: { key: attributes.cartLines, among: 'business customers', cohort: business },
    path: [
      'inventory asks pricing about one line at a time',
      'for business customers pricing asks the ERP each time, 90 ms',
      'thirty lines are thirty times 90 ms, and the checkout waits for all of them',
    ],
  },
  impact: {},
  symptoms: [
    busier('pricing gets far more requests than before, from as many checkouts', {
      metric: metrics.httpServerDuration,
      labels: inPricing,
      ratioAtLeast: 2,
    }),
    serialSiblings('slow checkouts ask pricing again and again, one call after the other', {
      service: 'inventory',
      kind: 'client',
      to: 'pricing',
      atLeast: 5,
      inside: { service: 'inventory', name: spans.priceCart },
      atLeastShare: 0.9,
    }),
    slowerSpan('slow checkouts spend their time getting prices', {
      service: 'inventory',
      name: spans.priceCart,
      atLeastShare: 0.9,
    }),
    shared('slow checkouts are of business customers', { key: attributes.tier, value: 'business', atLeastShare: 0.9 }),
    larger('among business customers the slow ones are those with many lines', {
      key: attributes.cartLines,
      among: business,
      probability: 0.95,
    }),
    logLift('inventory logs the size of a cart, and many of the slow ones are bulk carts, none of the others', {
      service: 'inventory',
      pattern: /stock reserved for order/,
      with: { [attributes.cartSize]: 'bulk' },
      atLeastShare: 0.4,
    }),
  ],
  alibis: innocent('pricing', 'payment', 'api'),
  decoy: {
    says: 'Pricing gets three times as many requests as before: it is overloaded and needs more instances.',
    refutedBy:
      'No request of pricing takes longer than the one question to the ERP that it asks (the third query), and slow checkouts never have two of them under way at once.',
    paste: () => [
      { language: 'PromQL', text: `sum(rate(${duration}_count${selector(inPricing)}[1m]))` },
      {
        language: 'PromQL',
        text: `histogram_quantile(0.99, sum by (le) (rate(${duration}_bucket${selector(inPricing)}[1m])))`,
      },
      {
        language: 'PromQL',
        text: `histogram_quantile(0.99, sum by (le) (rate(${prometheusName(metrics.httpClientDuration)}_bucket${selector(inPricing)}[1m])))`,
      },
    ],
  },
  hints: [
    'Open a slow checkout. How long does its longest call take, and how many calls are there?',
    'Do the calls overlap, or does each wait for the one before?',
    'Count the calls in several slow checkouts. What in the cart does their number follow?',
    'Which customers’ calls take 90 ms, and why are long carts of others not slow?',
  ],
  wrongFixes: [
    {
      fix: 'more instances of pricing',
      because: 'a checkout has one call under way at a time; a second instance waits.',
    },
    { fix: 'a larger connection pool', because: 'no checkout waits for a connection.' },
    { fix: 'an ERP as quick as before', because: 'forty times 20 ms are still 0.8 s for every bulk cart.' },
    {
      fix: 'ask line by line for business customers only, until it is understood',
      because: 'it is their lines that take 90 ms each.',
      set: [{ flag: cartPricing.name, variant: 'line-by-line', where: business }],
    },
    {
      fix: 'a longer limit for long carts',
      because: 'they are slow because of how they are asked about, not because they are long.',
    },
  ],
  rightFix: { fix: 'ask for all lines of a cart at once', set: [{ flag: cartPricing.name, variant: 'batched' }] },
  seen: {
    panel: {
      dashboard: 'service',
      panel: 'Calls of others a second, by address and answer',
      series: 'pricing 8083 200',
      least: 40,
      at: { service: 'inventory' },
    },
    alerts: ['CheckoutBurn1m'],
  },
}
