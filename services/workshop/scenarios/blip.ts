// A control: something did happen, it was over before anybody could look, and nothing has to be done about it.
import { cardChecks } from '../../../infra/world/flags.ts'
import { innocent, quietLogs } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

export const blip: Scenario = {
  id: 'blip',
  level: 0,
  title: 'A few seconds of a bank that asks its customers',
  question: 'For a moment checkouts were slow. Is it still so, and does somebody have to do something?',
  control: 'heals',
  arm: [{ flag: cardChecks.name, variant: 'step-up', share: 0.5 }],
  lastsSeconds: 5,
  arithmetic: `For five seconds the bank has half of the customers asked before it answers, 0.75 s in the median:
    20/s × 5 s × 50 % = 50 slow checkouts, 8 % of a window of 30 s, and none among the 500 after them.`,
  truth: {
    component: 'bank',
    kind: 'slow-answer',
    mechanism: 'a third party that was slow for a moment',
    discriminator: { nothing: 'time' },
    path: ['the bank answers some of its requests late, for five seconds', 'it stops by itself'],
  },
  impact: {},
  symptoms: [],
  alibis: [
    ...innocent('api', 'inventory', 'payment', 'pricing'),
    quietLogs('nobody complains more than usual', { timesAtMost: 2 }),
  ],
  hints: [
    'When were the slow checkouts due? Look at them over time, not as a list.',
    'What has the error budget of the month lost by it?',
  ],
  wrongFixes: [
    { fix: 'roll something back', because: 'it was over before; whatever is done now will seem to have helped.' },
    { fix: 'more instances of payment', because: 'none of them was busy, and none waits any more.' },
  ],
  seen: {
    panel: { dashboard: 'queue-and-bank', panel: 'Bank: its own time, and the way', series: 'p99, own' },
    alerts: [],
    because: 'it is over before anybody could do anything, and has spent little of the budget',
  },
}
