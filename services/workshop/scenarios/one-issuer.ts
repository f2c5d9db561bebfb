// SPOILERS: this file is the answer.
// One issuer asks its customers in an app before the bank may answer, and the bank waits for that.
import { cardChecks } from '../../../infra/world/flags.ts'
import { attributes, metrics } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { innocent, logLift, saturated, shared, slowerSpan, steadyMean } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

const issuer = 'cirrus'

export const oneIssuer: Scenario = {
  id: 'one-issuer',
  level: 1,
  title: 'One issuer asks its customers first',
  question: 'Payment is slow for a few, and fine for most. Was it the last deployment of payment?',
  arm: [{ flag: cardChecks.name, variant: 'step-up', where: { [attributes.issuer]: issuer }, share: 0.25 }],
  arithmetic: `A quarter of the cards are of the issuer, and it asks in a quarter of cases: 6 % of checkouts.
    Asking takes 750 ms in the median and 530 ms in one of a hundred (log-normal, sigma 0.15), and the checkout's other
    70 ms come on top: all of them are over 500 ms. The median does not notice.`,
  truth: {
    component: 'bank',
    kind: 'slow-answer',
    mechanism: 'a third party that waits for somebody else',
    discriminator: { key: attributes.issuer, value: issuer },
    path: [
      'the issuer asks its customer before it agrees',
      'the bank answers payment only then',
      'payment waits for the bank, and api for payment',
    ],
  },
  impact: {},
  symptoms: [
    saturated('the bank itself takes far longer for one issuer', {
      metric: metrics.bankDuration,
      labels: { 'service.name': 'payment', [attributes.bankPart]: 'own', [attributes.issuer]: issuer },
      above: 0.15,
      atLeastShareOfPoints: 0.25,
    }),
    slowerSpan('slow checkouts wait for the bank', {
      service: 'payment',
      kind: 'client',
      name: 'POST',
      atLeastShare: 0.8,
    }),
    shared('slow checkouts have one issuer in common', { key: attributes.issuer, value: issuer, atLeastShare: 0.8 }),
    logLift('payment logs late answers, and that it was the bank that took its time', {
      service: 'payment',
      pattern: /answer of the bank about order/,
      with: { [attributes.issuer]: issuer, [attributes.bankOwnMs]: { atLeast: 400 } },
      atLeastShare: 0.8,
    }),
    logLift('payment logs the issuer, and in slow checkouts it is the same one', {
      service: 'payment',
      pattern: /bank (authorised|declined) order/,
      with: { [attributes.issuer]: issuer },
      liftAtLeast: 3,
      atLeastShare: 0.8,
    }),
  ],
  alibis: [
    steadyMean('answers of the bank are no longer on their way than ever', {
      metric: metrics.bankDuration,
      labels: { 'service.name': 'payment', [attributes.bankPart]: 'way' },
      ratioAtMost: 2,
    }),
    ...innocent('payment', 'inventory', 'api'),
  ],
  loudest: 'payment',
  decoy: {
    says: 'Payment has the worst latency of all services: its last deployment must be rolled back.',
    refutedBy:
      'Both instances of payment are slow alike, and neither works longer itself: the time is in its calls to the bank.',
    paste: () => [
      {
        language: 'PromQL',
        text: `histogram_quantile(0.99, sum by (le, service_instance_id) (rate(${prometheusName(metrics.httpServerDuration)}_bucket${selector({ 'service.name': 'payment' })}[1m])))`,
      },
      {
        language: 'PromQL',
        text: `histogram_quantile(0.99, sum by (le, shop_card_issuer) (rate(${prometheusName(metrics.bankDuration)}_bucket${selector({ 'service.name': 'payment', [attributes.bankPart]: 'own' })}[1m])))`,
      },
    ],
  },
  hints: [
    'Open a slow checkout. Whose span is the widest that has nothing below it?',
    'Is payment slow in general? Compare both of its instances, and slow with fast checkouts within one of them.',
    'Compare slow with fast checkouts: which attribute of payment has one value in all the slow ones?',
  ],
  wrongFixes: [
    { fix: 'roll payment back', because: 'payment does what it did before; what it waits for became slower.' },
    { fix: 'more instances of payment', because: 'none of them is busy: they wait.' },
    {
      fix: 'a shorter time-out towards the bank',
      because: 'these checkouts then fail instead, and the money is in doubt.',
    },
  ],
  rightFix: {
    fix: 'agree with the issuer that small amounts need no second look',
    set: [{ flag: cardChecks.name, variant: 'none' }],
  },
  seen: {
    panel: { dashboard: 'queue-and-bank', panel: 'Bank: its own time by card issuer, p99', series: issuer },
    alerts: ['CheckoutBurn1m', 'BankAnswersLate'],
  },
}
