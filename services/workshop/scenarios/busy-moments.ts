// SPOILERS: this file is the answer.
// The bank takes only so many authorisations of one issuer at a time, and payment comes again when it is told to.
import { bankQuota } from '../../../infra/world/flags.ts'
import { attributes, metrics } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { askedAgain, innocent, logLift, ownTime, saturated, steadyMean } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

const ofPayment = { 'service.name': 'payment' }

export const busyMoments: Scenario = {
  id: 'busy-moments',
  level: 2,
  title: 'The bank says: later',
  question:
    'Some checkouts take a second longer. None fails, and for that second nobody in the trace does anything. Why not?',
  arm: [{ flag: bankQuota.name, variant: 'tight' }],
  arithmetic: `20 checkouts a second come 50 ms apart, and one in four has a card of the same issuer. The bank takes two
    authorisations of an issuer at once and one more every 0.1 s: the third within 0.1 s is refused. That is so when both
    before it have the same issuer: 1/4 × 1/4 = 6 %. Each is told to come back in a second, does so and is taken: its
    checkout takes 1.07 s. The 1 or 2 a second that come back are spread over time and push out hardly anybody.`,
  truth: {
    component: 'bank',
    kind: 'refused-then-asked-again',
    mechanism: 'a quota, and a client that waits as it is told',
    discriminator: { key: 'http.response.status_code', value: '429' },
    path: [
      'authorisations of one issuer happen to come close together',
      'the bank has a small quota for each issuer and refuses the third of them with 429 and Retry-After: 1',
      'payment waits that second and asks again, and is answered at once',
      'the checkout succeeds, a second late',
    ],
  },
  impact: {},
  symptoms: [
    saturated('payment asks the bank again, again and again', {
      metric: metrics.bankRetries,
      labels: { ...ofPayment, [attributes.errorType]: 'bank_busy' },
      above: 0,
      atLeastShareOfPoints: 0.3,
      heartbeat: { metric: metrics.authorisations, labels: ofPayment },
    }),
    askedAgain('slow checkouts were refused by the bank, and accepted a second later', {
      service: 'payment',
      name: 'POST',
      status: 429,
      atLeastShare: 0.8,
    }),
    ownTime('their time passed between two calls of payment', {
      service: 'payment',
      name: 'POST /authorisations',
      kind: 'server',
      atLeastShare: 0.8,
    }),
    logLift('payment says why it asks again', {
      service: 'payment',
      pattern: /The bank has no room .* Asking again for order/,
      atLeastShare: 0.8,
    }),
  ],
  alibis: [
    steadyMean('what the bank accepts it answers as quickly as ever', {
      metric: metrics.bankDuration,
      labels: { ...ofPayment, [attributes.bankPart]: 'own' },
      ratioAtMost: 1.3,
    }),
    ...innocent('inventory', 'api'),
  ],
  decoy: {
    says: 'The bank has become slow: only checkouts that ask it are affected.',
    refutedBy:
      'No call to the bank takes longer than before, the refused ones least of all. The time is between the calls.',
    paste: () => [
      {
        language: 'PromQL',
        text: `histogram_quantile(0.99, sum by (le) (rate(${prometheusName(metrics.bankDuration)}_bucket${selector({ ...ofPayment, [attributes.bankPart]: 'own' })}[1m])))`,
      },
      {
        language: 'TraceQL',
        text: '{ resource.service.name = "payment" && kind = client && span.http.response.status_code = 429 }',
      },
    ],
  },
  hints: [
    'Open a slow checkout. Find the stretch in which nobody works. What comes right before it, and right after?',
    'What did the bank answer the first time, and the second time?',
    'Which of payment’s counters has moved since, and by which error?',
    'It is nobody’s card or cart: look at how many authorisations of one issuer came in the tenth of a second before.',
  ],
  wrongFixes: [
    { fix: 'more connections to the bank', because: 'nobody waits for one: the time is between two calls.' },
    { fix: 'more instances of payment', because: 'the bank counts them all together.' },
    { fix: 'a shorter time-out towards the bank', because: 'no call takes long.' },
  ],
  rightFix: { fix: 'agree with the bank on a quota that fits', set: [{ flag: bankQuota.name, variant: 'ample' }] },
  seen: {
    panel: {
      dashboard: 'queue-and-bank',
      panel: 'Asked again, by whom and why',
      series: 'payment asks the bank: bank_busy',
      least: 0.2,
    },
    alerts: ['CheckoutBurn1m', 'AskedAgain'],
  },
}
