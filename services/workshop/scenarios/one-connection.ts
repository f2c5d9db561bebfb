// SPOILERS: this file is the answer.
// One of the kept-alive connections to the bank has gone bad on the way: what comes back through it comes late.
import { bankLink } from '../../../infra/world/flags.ts'
import { attributes, metrics } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { innocent, logLift, saturated, shared, slowerSpan, steadyMean } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

const bankCall = { service: 'payment', kind: 'client', name: 'POST' } as const
const bankDuration = (part: 'own' | 'way') => ({
  metric: metrics.bankDuration,
  labels: { 'service.name': 'payment', [attributes.bankPart]: part },
})

export const oneConnection: Scenario = {
  id: 'one-connection',
  level: 3,
  title: 'One kept-alive connection has gone bad',
  question:
    'Now and then the bank takes half a second longer, whoever asks and whatever for. The bank says that it does not.',
  arm: [{ flag: bankLink.name, variant: 'one-slow' }],
  arithmetic: `An instance of payment asks the bank 20 times a second: 10 authorisations, and 10 captures that nobody waits
    for. It takes whichever connection is free, the oldest first. The bad one holds up every answer by 510 ms in the median
    (log-normal, sigma 0.08), and is out of use meanwhile; once free it is taken again within a tenth of a second. So it
    carries 1 / (0.51 + 0.04 + 0.1) = 1.5 calls a second, half of them authorisations: 0.75 of 20 checkouts, 3.8 %, and not
    many more at ten times the load. Nearly all of these are over 500 ms: 510 ms on the way, 40 ms at the bank, 30 ms for the
    rest. Nobody else is held up.`,
  truth: {
    component: 'network',
    kind: 'bad-connection',
    mechanism: 'one bad connection in a pool of good ones',
    discriminator: { key: `payment:POST:${attributes.localPort}` },
    path: [
      'one connection between payment and the bank holds up what comes back through it',
      'it never breaks, so that it stays in the pool and is used again as soon as it is free',
      'whichever authorisation gets it waits half a second for an answer that the bank gave long ago',
    ],
  },
  impact: {},
  symptoms: [
    saturated('answers of the bank are long on their way', {
      ...bankDuration('way'),
      above: 0.1,
      atLeastShareOfPoints: 0.2,
    }),
    slowerSpan('slow checkouts wait for the bank', { ...bankCall, atLeastShare: 0.8 }),
    shared('slow checkouts asked the bank over the same connection', {
      key: `payment:POST:${attributes.localPort}`,
      atLeastShare: 0.8,
    }),
    logLift('payment logs late answers for which the bank itself took no longer than usual', {
      service: 'payment',
      pattern: /answer of the bank about order/,
      with: { [attributes.bankOwnMs]: { atMost: 150 } },
      atLeastShare: 0.8,
    }),
  ],
  alibis: [
    steadyMean('the bank itself is as quick as ever', { ...bankDuration('own'), ratioAtMost: 1.3 }),
    ...innocent('payment', 'api'),
  ],
  decoy: {
    says: 'Every slow checkout goes through the same instance of payment: that instance is bad and has to be replaced.',
    refutedBy:
      'Most of its calls to the bank are as quick as those of the other one; the slow ones all left from one port.',
    paste: () => [
      {
        language: 'PromQL',
        text: `histogram_quantile(0.5, sum by (le, service_instance_id) (rate(${prometheusName(metrics.bankDuration)}_bucket${selector(bankDuration('way').labels)}[1m])))`,
      },
      {
        language: 'TraceQL',
        text: `{ resource.service.name = "payment" && name = "POST" && kind = client && duration > 300ms } | select(span.${attributes.localPort}, resource.${attributes.instance})`,
      },
    ],
  },
  hints: [
    'Open a slow checkout. The widest span is the call to the bank. Does anything in it say who was at work?',
    'The bank says with each answer how long it took. Compare that with what payment waited; it logs both when they are far apart.',
    'Compare slow with fast checkouts: neither customer, issuer nor amount, but something about the connection.',
  ],
  wrongFixes: [
    { fix: 'a quicker bank', because: 'its answers are ready in no time: they arrive late.' },
    {
      fix: 'replace the instance',
      because: 'the trouble is on the way to the bank: a connection of the next one has it a moment later.',
    },
    { fix: 'a larger pool', because: 'the bad connection is still in it, and is as busy as it was.' },
    { fix: 'a longer time-out', because: 'nothing timed out.' },
  ],
  rightFix: { fix: 'have the line to the bank repaired', set: [{ flag: bankLink.name, variant: 'clear' }] },
  seen: {
    panel: { dashboard: 'queue-and-bank', panel: 'Bank: its own time, and the way', series: 'p99, way' },
    alerts: ['CheckoutBurn1m', 'BankAnswersLate'],
  },
}
