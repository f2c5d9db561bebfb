// Metric evidence of something that was over before anybody did anything: slow at first, and never again.
import { errorBudget } from '../../kit/slo.ts'
import { wilson } from '../statistics.ts'
import { percent } from '../text.ts'
import { pasteCheckoutLatency } from './paste.ts'
import { fewestSlow, shapeOf } from './population.ts'
import type { Evidence } from './types.ts'
import { dueFrom, objectiveOf } from './within-slo.ts'

/** What each point of the graph is about. */
const graphedMs = 10_000

/**
 * Among the checkouts of the first `withinSeconds` of the window some are slow, beyond doubt more than the objective allows;
 * those that come later meet it.
 */
export function healedByItself(says: string, { withinSeconds }: { withinSeconds: number }): Evidence {
  return {
    says,
    pillar: 'metrics',
    topic: 'impact',
    needs: {},
    judge(now) {
      const late = dueFrom(now, withinSeconds)
      const early = shapeOf({ samples: now.samples.filter((sample) => !late.includes(sample)) })
      const rest = objectiveOf(shapeOf({ samples: late }))
      const measured = `${early.slow} of ${early.total} checkouts of the first ${withinSeconds} s were slow (${percent(early.slowShare)}); after that ${rest.measured}`
      const hadSome = early.slow >= fewestSlow && wilson(early.slow, early.total).low > errorBudget
      return { state: hadSome ? rest.state : rest.state === 'inconclusive' ? 'inconclusive' : 'failed', measured }
    },
    // To be looked at as a graph: a step, and back.
    paste: ({ fromMs }) => pasteCheckoutLatency({ fromMs, toMs: fromMs + graphedMs }),
  }
}
