// A thousand orders while processes are killed and come back: none may be lost, none charged twice.
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../../../services/kit/random.ts'
import type { Bench } from '../bench.ts'
import type { Lab } from '../lab.ts'
import { auditUntilSettled } from './audit-settled.ts'
import { inBenchLab } from './bench-lab.ts'
import { type Buyers, createBuyers } from './buyers.ts'

const orderCount = 1_000
export const goalKills = 20
const mostKills = 26
const victims = ['api', 'inventory', 'payment-1', 'pricing', 'payment-2', 'world'] as const

export const kills: Bench['run'] = ({ say, signal }) =>
  inBenchLab(signal, async (lab) => {
    const { finals, killed, forgotten, report } = await ordersUnderKills(lab, orderCount, say)
    const lost = Math.abs(report.placed - orderCount)
    const wrong = lost + forgotten.length + report.violations.length
    return [
      {
        what: `orders lost or charged twice, of ${orderCount} over ${killed} SIGKILLs`,
        goal: `0 over ≥ ${goalKills}`,
        measured: `${wrong} (${report.placed} placed, ${report.cancelled} given up and tried again, ${report.violations.length} violations)`,
        isReached: wrong === 0 && killed >= goalKills && report.cancelled === finals.length - orderCount,
        details: { forgotten, violations: report.violations.slice(0, 10), inFlight: report.inFlight },
      },
    ]
  })

/** Buys, kills, waits until all is settled, and looks at everything afterwards. */
export async function ordersUnderKills(
  lab: Lab & { signal?: AbortSignal },
  count: number,
  say: (line: string) => void,
) {
  const buyers = createBuyers(lab.urls.api)
  const done = new AbortController()
  const killing = killInTurn(lab, buyers, count, done.signal)
  const telling = setInterval(() => say(`${buyers.finals.length} of ${count} orders are through`), 10_000)
  try {
    await buyers.buy(count)
  } finally {
    clearInterval(telling)
    done.abort()
  }
  const killed = await killing
  say(`${killed} kills; waiting until everything is settled`)
  await Promise.all(lab.processes.map(({ name }) => lab.ready(name, lab.signal)))
  const settled = await auditUntilSettled(lab)
  const forgotten = await buyers.forgotten()
  // Asking again must not have made an order.
  const report = { ...(await auditUntilSettled(lab)), inFlight: settled.inFlight }
  return { finals: buyers.finals, killed, forgotten, report }
}

/** One process after another, in an order and at moments that look arbitrary. */
async function killInTurn(lab: Lab, buyers: Buyers, count: number, signal: AbortSignal): Promise<number> {
  const random = createRandom(5)
  for (let killed = 0; killed < mostKills; killed++) {
    const target = Math.min(buyers.finals.length + 20 + Math.floor(random() * 30), count)
    while (buyers.finals.length < target && !signal.aborted) await sleep(20, undefined, { signal }).catch(() => {})
    if (signal.aborted) return killed
    lab.kill(victims[killed % victims.length] as string, 'SIGKILL')
  }
  return mostKills
}
