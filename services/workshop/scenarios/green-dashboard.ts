// SPOILERS: this file is the answer.
// Traces are sampled by what they cost, and the ones that were too dear are the slow ones: the dashboard made of them is green.
import { companyCards } from '../../../infra/world/flags.ts'
import { traceSampling } from '../../api/flags.ts'
import { slo } from '../../kit/slo.ts'
import { attributes, metrics, spans } from '../../kit/telemetry/names.ts'
import { prometheusName } from '../../kit/telemetry/prometheus-names.ts'
import { histogramAgrees, innocent, loggedUntraced, quietLogs, slowerSpan, undertraced } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

const business = 'business'

export const greenDashboard: Scenario = {
  id: 'green-dashboard',
  level: 3,
  title: 'The slow ones are not in the traces',
  question:
    'In the traces hardly a checkout is slow. Customers say otherwise. Who is right, and what became of the others?',
  arm: [
    { flag: traceSampling.name, variant: 'by-cost' },
    { flag: companyCards.name, variant: 'approved', share: 0.8 },
  ],
  arithmetic: `Companies make 12 % of checkouts (a tenth of the customers, and the 2 % bulk carts). Four fifths of these have
    to be approved by a bookkeeper, which takes 910 ms: 9.4 % of checkouts are slow.
    Of a company's traces one in four is kept, of everybody else's each. Of 600 checkouts 546 leave a trace, and 14 of
    these are slow: 2.6 %, less than a third of the truth. Of the 56 slow ones 42 left none.`,
  truth: {
    component: 'api',
    kind: 'missing-traces',
    mechanism: 'head sampling that goes by cost',
    discriminator: { key: attributes.tier, value: business },
    path: [
      'companies’ purchases wait for their bookkeeper: these are slow',
      'api keeps one in four of the companies’ traces, because theirs are the largest',
      'what is computed from traces has hardly any slow checkout in it',
    ],
  },
  impact: {},
  symptoms: [
    undertraced('most slow checkouts have left no trace, the fast ones have', { atMostShare: 0.5 }),
    loggedUntraced('api has logged them, with trace ids that lead nowhere', {
      service: 'api',
      pattern: /order .* placed/,
      atLeastShare: 0.8,
    }),
    slowerSpan('the few slow ones that left a trace wait for the bank', {
      service: 'payment',
      kind: 'client',
      name: 'POST',
      atLeastShare: 0.8,
    }),
  ],
  alibis: [
    histogramAgrees('api’s own histogram says what customers say', { within: 0.02 }),
    ...innocent('payment', 'inventory'),
    quietLogs('nobody complains more than usual', { timesAtMost: 2 }),
  ],
  decoy: {
    says: 'Customers exaggerate: of the checkouts in the trace store next to none is over the objective.',
    refutedBy:
      'The histogram counts every checkout, and has several times as many over the objective as the trace store.',
    paste: ({ fromMs, toMs }) => {
      const name = prometheusName(metrics.checkoutDuration)
      const range = `[${Math.max(1, Math.round((toMs - fromMs) / 1000))}s]`
      return [
        {
          language: 'PromQL',
          text: `sum(increase(${name}_count${range})) - sum(increase(${name}_bucket{le="${slo.thresholdMs / 1000}"}${range}))`,
        },
        {
          language: 'TraceQL',
          text: `{ resource.service.name = "api" && name = "${spans.checkout}" && kind = server && duration > ${slo.thresholdMs}ms } | count_over_time()`,
        },
      ]
    },
  },
  breaks: 'sampling',
  hints: [
    'How many checkouts a second does the histogram have, and how many does the trace store?',
    'Take orders that api says it placed, from its log: does each of their trace ids open?',
    'Whose are the trace ids that lead nowhere? Who is rare in the traces, and was not last week?',
  ],
  wrongFixes: [
    {
      fix: 'more memory for the trace store',
      because: 'nothing was evicted: the traces that are missing were never recorded.',
    },
    {
      fix: 'record every trace again',
      because: 'that mends the dashboard, which then shows what customers have been saying: they still wait.',
      set: [{ flag: traceSampling.name, variant: 'everything' }],
    },
  ],
  rightFix: {
    fix: 'agree with the bank that known companies need no approval',
    set: [{ flag: companyCards.name, variant: 'trusted' }],
  },
  seen: {
    panel: {
      dashboard: 'pipeline',
      panel: 'How much of what happens is kept',
      series: 'checkouts with a trace',
      falls: true,
    },
    alerts: ['CheckoutBurn1m', 'BankAnswersLate'],
  },
}
