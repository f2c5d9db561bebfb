// SPOILERS: this file is the answer.
// Inventory gives pricing 200 ms and asks anew, while some answers have begun to take 260 ms: each change alone is harmless.
import { agreementLookup } from '../../../infra/world/flags.ts'
import { priceTimeout } from '../../inventory/flags.ts'
import { attributes, metrics, spans } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { found, innocent, logLift, saturated, shared, slowerSpan } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

const inInventory = { 'service.name': 'inventory' }
const erp = (part: 'sum' | 'count') =>
  `sum(rate(${prometheusName(metrics.httpClientDuration)}_${part}${selector({ 'service.name': 'pricing' })}[1m]))`

export const thirdTimeLucky: Scenario = {
  id: 'third-time-lucky',
  level: 1,
  title: 'A time-out just short of the answer',
  question:
    'Every slow checkout succeeds in the end, and everybody it asks is quicker than the limit. Who wastes its time?',
  arm: [
    { flag: agreementLookup.name, variant: 'in-archive', share: 0.6 },
    { flag: priceTimeout.name, variant: 'hasty' },
  ],
  arithmetic: `2 % bulk carts and 10 % of the others are of business customers, whose prices pricing asks the wholesaler's ERP
    for: 12 % of checkouts. Six in ten such questions now need the ERP's archive: 7 %.
    They take 18 + 240 ms and some overhead, about 270 ms, and 210 ms in one of a hundred. A caller that waits for the answer
    has its checkout done in 270 + 70 = 340 ms: within the limit. This one gives up after 200 ms, twice, and waits the third
    time: 200 + 200 + 270 + 70 = 740 ms, all of them over 500 ms. Expected: 7 %. The median does not notice.`,
  truth: {
    component: 'inventory',
    kind: 'retries',
    mechanism: 'a time-out shorter than the answer takes, and retries that start it from the beginning',
    discriminator: { key: attributes.errorType, value: 'pricing_timeout' },
    path: [
      'some questions to the ERP take 260 ms instead of 20 ms',
      'pricing, which waits for the ERP, answers after 270 ms',
      'inventory gives up after 200 ms and asks anew, twice, while pricing works on',
      'the third attempt is waited for, and the checkout has taken three answers’ time for one',
    ],
  },
  impact: {},
  symptoms: [
    saturated('inventory asks pricing again, all the time', {
      metric: metrics.pricingRetries,
      labels: { ...inInventory, [attributes.errorType]: 'pricing_timeout' },
      above: 0,
      atLeastShareOfPoints: 0.5,
      heartbeat: { metric: metrics.poolWaiting, labels: inInventory },
    }),
    slowerSpan('slow checkouts spend their time getting a price', {
      service: 'inventory',
      name: spans.priceCart,
      atLeastShare: 0.8,
    }),
    found('two calls to pricing fail one after the other, and a third one succeeds', {
      kind: 'retry',
      about: { service: 'inventory', kind: 'client' },
      atLeastSpans: 3,
    }),
    found('pricing still asks the ERP when nobody waits for its answer any more', {
      kind: 'outlives-parent',
      about: { service: 'pricing', kind: 'client' },
    }),
    shared('slow checkouts are of business customers', {
      key: attributes.tier,
      value: 'business',
      atLeastShare: 0.9,
    }),
    logLift('inventory says of slow checkouts that it asked again', {
      service: 'inventory',
      pattern: /pricing did not answer within \d+ ms/,
      atLeastShare: 0.8,
    }),
  ],
  alibis: innocent('pricing', 'payment', 'api'),
  decoy: {
    says: 'The ERP has become ten times slower than it was, so the ERP has to be repaired.',
    refutedBy:
      'It has, and that would be bearable: an answer takes 0.3 s at most, and a checkout has 0.5 s. But for each of them that comes late two calls of inventory have ended in a time-out of its own.',
    paste: () => [
      { language: 'PromQL', text: `${erp('sum')} / ${erp('count')}` },
      {
        language: 'PromQL',
        text: `sum by (error_type) (rate(${prometheusName(metrics.httpClientDuration)}_count${selector(inInventory)}[1m]))`,
      },
    ],
  },
  hints: [
    'Open a slow checkout. How often was the same question asked, and what became of each?',
    'How long did the failed attempts take? Compare several checkouts.',
    'What did pricing do while the first attempt failed, and when was it done with it?',
    'How long would the checkout have taken if the first attempt had been waited for?',
  ],
  wrongFixes: [
    { fix: 'more attempts', because: 'each further one ends as the first: just before its answer comes.' },
    { fix: 'a shorter time-out', because: 'answers that come in time today are then thrown away as well.' },
    { fix: 'more instances of pricing', because: 'none of them is busy: they wait for the ERP.' },
    { fix: 'a pause between the attempts', because: 'the customer then waits for the pauses too.' },
  ],
  rightFix: {
    fix: 'wait for pricing as long as the customer waits',
    set: [{ flag: priceTimeout.name, variant: 'patient' }],
  },
  seen: {
    panel: {
      dashboard: 'queue-and-bank',
      panel: 'Asked again, by whom and why',
      series: 'inventory asks pricing: pricing_timeout',
      least: 0.2,
    },
    alerts: ['CheckoutBurn1m', 'AskedAgain'],
  },
}
