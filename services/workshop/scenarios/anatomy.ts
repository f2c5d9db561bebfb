// SPOILERS: this file is the answer.
// The classic picture: a checkout of about 1200 ms, most of them in payment, everything on the way there to be seen.
import { agreementLookup, companyCards } from '../../../infra/world/flags.ts'
import { attributes, metrics, spans } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { innocent, logLift, shared, slowerSpan, takes } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

const business = 'business'

export const anatomy: Scenario = {
  id: 'anatomy',
  level: 0,
  title: 'The bookkeeper has to approve',
  question: 'Open one slow checkout and read it from top to bottom. Where did its time go, and who had it?',
  arm: [
    { flag: companyCards.name, variant: 'approved', share: 0.5 },
    { flag: agreementLookup.name, variant: 'in-archive' },
  ],
  arithmetic: `A tenth of the customers are companies, and the 2 % bulk carts are theirs too: 12 % of checkouts. Half of them
    have to be approved by a bookkeeper, which takes 910 ms (median, log-normal, sigma 0.1): 6 % of checkouts.
    One of these: 25 ms in api and inventory, 260 ms for prices (nearly all of it the ERP: its usual 18 ms,
    and 240 in its archive), 950 ms in payment (the approval, the bank's usual 35 ms, and payment's own): 1235 ms. The
    companies' other checkouts take 310 ms,
    everybody else's 70 ms as ever.`,
  truth: {
    component: 'bank',
    kind: 'slow-answer',
    mechanism: 'a third party that waits for somebody else',
    discriminator: { key: attributes.tier, value: business },
    path: [
      'the company’s bookkeeper is asked to approve',
      'the bank answers payment only then',
      'payment waits for the bank, and api for payment',
    ],
  },
  impact: {},
  symptoms: [
    slowerSpan('slow checkouts wait for the bank', {
      service: 'payment',
      kind: 'client',
      name: 'POST',
      atLeastShare: 0.8,
    }),
    takes('a slow checkout takes about 1200 ms', {
      ...{ service: 'api', name: spans.checkout, kind: 'server' },
      betweenMs: [1050, 1350],
    }),
    takes('about 950 ms of them in payment', {
      ...{ service: 'payment', name: 'POST /authorisations', kind: 'server' },
      betweenMs: [850, 1050],
    }),
    shared('slow checkouts are those of companies', { key: attributes.tier, value: business, atLeastShare: 0.8 }),
    logLift('payment logs who bought, and in slow checkouts it was a company', {
      service: 'payment',
      pattern: /bank (authorised|declined) order/,
      with: { [attributes.persona]: business },
      atLeastShare: 0.8,
    }),
  ],
  alibis: innocent('payment', 'pricing', 'inventory', 'api'),
  decoy: {
    says: 'Prices take ten times as long as last week, because of the ERP: that is why checkouts are slow.',
    refutedBy:
      'All companies wait for the ERP, and half of their checkouts are quick all the same: 240 ms are not what makes 1200.',
    paste: () => [
      {
        language: 'PromQL',
        text: `histogram_quantile(0.99, sum by (le) (rate(${prometheusName(metrics.httpClientDuration)}_bucket${selector({ 'service.name': 'pricing' })}[1m])))`,
      },
      {
        language: 'TraceQL',
        text: `{ resource.service.name = "api" && name = "${spans.checkout}" && kind = server && duration < 500ms } >> { resource.service.name = "pricing" && kind = client && duration > 100ms }`,
      },
    ],
  },
  hints: [
    'Which spans below the checkout are the widest, and what is below them?',
    'The widest span that has nothing below it: what was it waiting for?',
    'The attributes of the spans around it: whose checkout was it, what was in the cart, which bank has the card?',
  ],
  wrongFixes: [
    { fix: 'more instances of payment', because: 'none of them is busy: they wait.' },
    {
      fix: 'remember what the ERP says',
      because: '240 of 1200 ms are saved, and the checkout is still twice as slow as it may be.',
      set: [{ flag: agreementLookup.name, variant: 'at-hand' }],
    },
  ],
  rightFix: {
    fix: 'agree with the bank that known companies need no approval',
    set: [{ flag: companyCards.name, variant: 'trusted' }],
  },
  seen: {
    panel: { dashboard: 'queue-and-bank', panel: 'Bank: its own time, and the way', series: 'p99, own' },
    alerts: ['CheckoutBurn1m', 'BankAnswersLate'],
  },
}
