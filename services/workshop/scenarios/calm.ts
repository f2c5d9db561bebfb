// A control: nothing is changed, and nothing must be found.
import { innocent, quietLogs } from '../../lens/evidence.ts'
import type { Scenario } from '../scenario.ts'

export const calm: Scenario = {
  id: 'calm',
  level: 0,
  title: 'An ordinary day',
  question: 'Somebody says that checkout feels slow today. Is it?',
  control: 'nothing',
  arm: [],
  arithmetic: `Nothing is changed: as many checkouts are slow as always, next to none. Whoever looks for a culprit here finds
    noise, and has to be able to tell.`,
  truth: { component: 'none', kind: 'none', mechanism: 'none', discriminator: { nothing: 'time' }, path: [] },
  impact: {},
  symptoms: [],
  alibis: [
    ...innocent('api', 'inventory', 'payment', 'pricing'),
    quietLogs('nobody complains more than usual', { timesAtMost: 2 }),
  ],
  hints: [
    'How many of the checkouts of the last minutes are over the objective’s threshold, and how many may be?',
    'Is the median where it was an hour ago?',
  ],
  wrongFixes: [
    { fix: 'anything at all', because: 'there is nothing to mend; a change on a hunch is how incidents begin.' },
  ],
  seen: { alerts: [], because: 'nothing is wrong' },
}
