// An alibi from logs: nobody complains more than on an ordinary day.
import { fewestSamples } from './population.ts'
import { type Evidence, inconclusive, type Observed } from './types.ts'

/** A few more complaints than usual are chance. */
const slack = 5
const complaints = ['warn', 'error', 'fatal']

/** Per checkout, at most `timesAtMost` as many warnings and errors are logged (of all services together) as when calm. */
export function quietLogs(says: string, { timesAtMost }: { timesAtMost: number }): Evidence {
  return {
    says,
    pillar: 'logs',
    needs: { logs: [{}] },
    judge(now, calm) {
      if (now.samples.length < fewestSamples)
        return inconclusive(`${now.samples.length} checkouts observed, ${fewestSamples} are needed`)
      const [current, before] = [complaintsIn(now), complaintsIn(calm)]
      const expected = (before * now.samples.length) / calm.samples.length
      const measured = `${current} warnings and errors from ${now.samples.length} checkouts, ${before} from ${calm.samples.length} when calm (at most ${timesAtMost} times as many and ${slack} more expected)`
      return { state: current <= expected * timesAtMost + slack ? 'held' : 'failed', measured }
    },
    paste: () => [{ language: 'LogQL', text: '{service_name=~".+"} | severity_number >= 13' }],
  }
}

const complaintsIn = ({ logs }: Observed): number => logs.filter(({ severity }) => complaints.includes(severity)).length
