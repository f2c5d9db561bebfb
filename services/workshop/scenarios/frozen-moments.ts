// SPOILERS: this file is the answer.
// A coupon that was copied with a full stop keeps a regular expression busy, and pricing answers nobody meanwhile.
import { attributes, metrics } from '../../kit/telemetry/names.ts'
import { prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { bunched, coincides, gap, innocent, ownTime, saturated } from '../../lens/evidence.ts'
import { couponMatching } from '../../pricing/flags.ts'
import type { Scenario } from '../scenario.ts'

const copiedBadly = { [attributes.coupon]: 'refused' }
const withoutCoupon = { [attributes.coupon]: 'none' }
const pricing = { 'service.name': 'pricing' }

const quantile = (q: number, metric: string, labels: Record<string, string>) =>
  `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket${selector(labels)}[1m])))`

export const frozenMoments: Scenario = {
  id: 'frozen-moments',
  level: 2,
  title: 'A coupon with a full stop stops pricing',
  question:
    'Every few seconds a handful of checkouts takes most of a second, whatever is in them, and the next one is fine again. Pricing answers in milliseconds. Where do they wait?',
  arm: [{ flag: couponMatching.name, variant: 'backtracking' }],
  arithmetic: `20 checkouts a second × 1.5 % with a coupon that ends in a full stop = one every 3.3 s.
    Checking it takes as long as it is allowed to, 0.65 s, on the only thread that pricing has: 0.3/s × 0.65 s = 20 % of the
    time nobody else is answered. A checkout that comes meanwhile waits for the rest of it. It is over 500 ms in all when that
    is more than 0.4 s (70 ms are its own, and when pricing goes on, a dozen of them do so at once): 0.3/s × (0.65 s − 0.4 s) = 7.5 %, and the 1.5 %
    who have the coupon. Expected: 9 %, five in six of them with nothing to do with it.
    The median does not notice: 80 % of checkouts do not wait at all. Nor does the CPU: 20 % of one core, on average.`,
  truth: {
    component: 'pricing',
    kind: 'event-loop',
    mechanism: 'an event loop blocked by a regular expression that tries every way of reading a text',
    discriminator: { nothing: 'time', among: 'checkouts without a coupon', cohort: withoutCoupon },
    path: [
      'a customer copies a long coupon together with the full stop behind it',
      'the pattern that checks coupons does not match, and tries every way of cutting the text into groups',
      'a time limit ends that after 650 ms, all of them spent on the thread that serves everybody',
      'whoever asks pricing for a price meanwhile waits until it starts with them',
      'their checkouts are slow in api, whatever they buy',
    ],
  },
  impact: {},
  symptoms: [
    saturated('the event loop of pricing stands still again and again', {
      metric: metrics.eventLoopDelayMax,
      labels: pricing,
      above: 0.4,
      atLeastShareOfPoints: 0.15,
    }),
    gap('slow checkouts without a coupon wait before pricing begins with them', {
      service: 'inventory',
      kind: 'client',
      part: 'before-server',
      among: withoutCoupon,
      atLeastShare: 0.8,
    }),
    bunched('and pricing begins with several of them at the same instant', {
      service: 'pricing',
      name: 'POST /quotes',
      kind: 'server',
      withinMs: 25,
      atLeast: 2,
      among: withoutCoupon,
      atLeastShare: 0.7,
    }),
    ownTime('with a refused coupon, pricing itself is at work all the time', {
      service: 'pricing',
      kind: 'server',
      among: copiedBadly,
      atLeastShare: 0.8,
    }),
    coincides('while slow checkouts wait, pricing refuses the coupon of somebody else', {
      service: 'pricing',
      pattern: /coupon refused/,
      among: withoutCoupon,
    }),
  ],
  alibis: innocent('inventory', 'payment'),
  decoy: {
    says: 'Inventory waits for pricing, and pricing says that it answered at once: the network between them loses packets.',
    refutedBy:
      'Pricing measures its own server spans from the moment it looks at a request. Its event loop says that it did not look for 650 ms, at the very instants at which its callers waited; no other process shows that.',
    paste: () => [
      {
        language: 'PromQL',
        text: quantile(0.99, prometheusName(metrics.httpClientDuration), { 'service.name': 'inventory' }),
      },
      { language: 'PromQL', text: quantile(0.95, prometheusName(metrics.httpServerDuration), pricing) },
      { language: 'PromQL', text: `max by (service_name) (${prometheusName(metrics.eventLoopDelayMax)})` },
    ],
  },
  hints: [
    'Open a slow checkout. Which span is wide while nothing below it runs?',
    'Open the other slow checkouts of that second: when does pricing begin with each of them?',
    'One process does nothing for anybody at such a time. Which number of its runtime shows it, and why not its p99?',
    'What did pricing log at the instant at which they all went on, and in whose checkout?',
  ],
  wrongFixes: [
    {
      fix: 'a longer keep-alive, or fewer hops on the network',
      because: 'the requests have arrived; nobody reads them.',
    },
    { fix: 'a larger connection pool', because: 'nothing waits for a connection: no query is running.' },
    { fix: 'more CPU for pricing', because: 'the check takes as long as it is allowed to, on any CPU.' },
    {
      fix: 'a second instance of pricing',
      because: 'half of the customers wait then; a coupon still stops its instance.',
    },
  ],
  rightFix: { fix: 'a pattern with one way to read a text', set: [{ flag: couponMatching.name, variant: 'linear' }] },
  seen: {
    panel: { dashboard: 'runtime', panel: 'Longest standstill of the event loop', series: 'pricing-1' },
    alerts: ['CheckoutBurn1m', 'EventLoopBlocked'],
    // Who stood before pricing goes on all at once, and stands in line for connections and rows.
    mayFire: ['PoolWaiting', 'DatabaseSessionsBlocked'],
  },
}
