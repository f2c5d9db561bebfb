// SPOILERS: this file is the answer.
// One instance of payment runs a build that waits for each new session of the bank, although the old one is still good.
import { attributes, events, metrics } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { innocent, logLift, ownTime, shared, standsOut, steadySelfTime } from '../../lens/evidence.ts'
import { bankSession } from '../../payment/flags.ts'
import type { Scenario } from '../scenario.ts'

const instance = 'payment-2'
const authorisations = { service: 'payment', name: 'POST /authorisations', kind: 'server' } as const
const ofPayment = selector({ 'service.name': 'payment', 'http.route': '/authorisations' })

export const oneInstance: Scenario = {
  id: 'one-instance',
  level: 2,
  title: 'One instance waits whenever its session is renewed',
  question: 'Payment has become slow for some. Health checks are green, nothing is busy. Would more instances help?',
  arm: [{ flag: bankSession.name, variant: 'newest-only', where: { [attributes.instance]: instance } }],
  arithmetic: `A session of the bank is good for 6 s and renewed after half of that; the bank needs 0.8 s to open one. The
    instance renews every 3.8 s, then, and whoever comes in these 0.8 s waits for the rest of them. Half of the 20 checkouts a
    second come to it: 8 wait each time, and those of the first 0.37 s wait for more than the 430 ms that a checkout has to
    spare: 10/s × 0.37 s = 3.7 every 3.8 s, of 76 checkouts: 4.9 %. The median does not notice: 8 of 76, 10 %, wait at all.`,
  truth: {
    component: 'payment',
    kind: 'bad-instance',
    mechanism: 'a renewal that everybody waits for, on one instance',
    discriminator: { key: 'payment:instance', value: instance },
    path: [
      'one instance runs a build that uses only the newest session of the bank',
      'every few seconds a new one is ordered, which takes the bank most of a second',
      'authorisations on that instance wait for it, although the session at hand is still good',
      'half of all checkouts go to that instance, and those that come at the wrong time are slow',
    ],
  },
  impact: {},
  symptoms: [
    standsOut('one instance of payment takes longer than the other', {
      metric: metrics.httpServerDuration,
      labels: { 'service.name': 'payment', 'http.route': '/authorisations' },
      by: attributes.instance,
      value: instance,
      ratioAtLeast: 1.6,
    }),
    shared('slow checkouts were authorised by the same instance', {
      key: 'payment:instance',
      value: instance,
      atLeastShare: 0.9,
      // There are two: half of what is quick goes there as well.
      fastAtMost: 0.55,
    }),
    ownTime('in slow checkouts payment has the request and calls nobody', { ...authorisations, atLeastShare: 0.8 }),
    logLift('payment says what it was waiting for', {
      service: 'payment',
      pattern: /waited for a new session of the bank/,
      atLeastShare: 0.8,
    }),
  ],
  alibis: [
    steadySelfTime('the bank answers as quickly as ever', {
      service: 'payment',
      kind: 'client',
      name: 'POST',
      ratioAtMost: 1.5,
    }),
    ...innocent('inventory', 'pricing', 'api'),
  ],
  decoy: {
    says: 'Payment as a whole has become slow: its p99 is far over that of every other service, so it needs more instances.',
    refutedBy: 'Seen one by one, one instance is as quick as it ever was; neither is short of anything.',
    paste: () => [
      {
        language: 'PromQL',
        text: `histogram_quantile(0.99, sum by (le, service_instance_id) (rate(${prometheusName(metrics.httpServerDuration)}_bucket${ofPayment}[1m])))`,
      },
      {
        language: 'PromQL',
        text: `sum by (service_instance_id) (rate(${prometheusName(metrics.bankSessionWaits)}[1m]))`,
      },
    ],
  },
  hints: [
    'Open a slow checkout. Payment has the request for most of a second: between which two of its calls?',
    'Compare slow with fast checkouts: is it who bought, what, or where it was handled?',
    `Look at the event ${events.bankSessionAwaited} of a slow checkout, and at how often each instance counts one.`,
    'Both instances renew their session equally often, and it takes the bank equally long. Only one makes its callers wait.',
  ],
  wrongFixes: [
    {
      fix: 'more instances of payment',
      because: 'they hide it: the share of the bad one gets smaller, and its customers are as badly off as before.',
    },
    { fix: 'a larger connection pool', because: 'nobody waits for a connection.' },
    { fix: 'restart the instance', because: 'it runs the same build then, and waits again within four seconds.' },
  ],
  rightFix: {
    fix: 'a build that uses a session until the next one is there',
    set: [{ flag: bankSession.name, variant: 'until-replaced' }],
  },
  seen: {
    panel: {
      dashboard: 'service',
      panel: 'How long each instance takes, p99',
      at: { service: 'payment' },
      series: instance,
    },
    alerts: ['CheckoutBurn1m'],
  },
}
