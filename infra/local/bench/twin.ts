// k6 and the Node driver play the same plan, calm and with something wrong: do they measure the same?
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { announcedWhile } from '../../../loadtest/node/announced.ts'
import { workshopAt } from '../../../loadtest/node/workshop.ts'
import { plan, planHash } from '../../../loadtest/plan.ts'
import { proof } from '../../../loadtest/profiles.ts'
import { summarise } from '../../../loadtest/report.ts'
import { labControls, workshopClient } from '../../../services/workshop/client.ts'
import { hotProduct } from '../../../services/workshop/scenarios/hot-product.ts'
import { k6Image } from '../../compose/k6-image.ts'
import type { Bench, Measurement } from '../bench.ts'
import { type BenchLab, inBenchLab, playAt } from './bench-lab.ts'
import { type K6, k6Here, usualK6 } from './k6-here.ts'
import { type Pair, type Run, rowsOf } from './twin-rows.ts'

/** Evenly spaced checkouts at the proof's rate. */
const script = '02-steady.ts'
const minutes = 0.75
const seed = 1

export const twin: Bench['run'] = async ({ say, signal, k6 }) => {
  const here = await k6Here(k6)
  if (here === undefined)
    return [
      notMeasured(
        k6 === usualK6
          ? `not measured: there is no program ${k6} here (--k6 says where it is), nor ${k6Image} in Docker`
          : `not measured: ${k6} does not say its version`,
      ),
    ]
  say(here.says)
  return inBenchLab(signal, async (lab) => {
    const controls = labControls(workshopClient(new URL(lab.urls.workshop)))
    await playAt(lab, { seed: 2, durationSeconds: 15 })
    const pairs: Pair[] = []
    for (const [when, armed] of [
      ['calm', []],
      [hotProduct.id, hotProduct.arm],
    ] as const) {
      await controls.arm(armed)
      pairs.push({ when, k6: await byK6(lab, here), node: await byNode(lab) })
      await controls.reset()
      say(`${when}: k6 ${figures(pairs.at(-1)?.k6)}, Node ${figures(pairs.at(-1)?.node)}`)
    }
    return pairs.flatMap(rowsOf)
  })
}

const notMeasured = (measured: string): Measurement => ({
  what: 'Node driver and k6, same plan',
  goal: 'alike',
  measured,
})

/** The lesson as anybody plays it; the workshop of the lab sums it up. */
async function byK6(lab: BenchLab, { program, args, folder }: K6): Promise<Run> {
  const settings = { API_URL: lab.urls.api, WORKSHOP_URL: lab.urls.workshop, SEED: seed, MINUTES: minutes }
  const given = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const asked = [...args, 'run', '--quiet', ...given, `${folder}/${script}`]
  // 99 is a broken threshold: a number to report like any other.
  const played = () =>
    promisify(execFile)(program, asked, { signal: lab.signal }).catch((error: { code?: unknown; stderr?: string }) => {
      if (error.code !== 99) throw new Error(`k6 did not play the lesson: ${error.stderr?.slice(-500)}`)
    })
  const workshop = workshopAt(new URL(lab.urls.workshop))
  const { run } = await announcedWhile(workshop, played)
  if (run === undefined) throw new Error('The workshop has heard nothing of what k6 played.')
  const { planHash, whole } = (await workshop.written(run)).report
  return { planHash, report: whole }
}

async function byNode(lab: BenchLab): Promise<Run> {
  const durationSeconds = minutes * 60
  const outcomes = await playAt(lab, { seed, durationSeconds })
  return { planHash: planHash(plan({ ...proof, durationSeconds }, seed)), report: summarise(outcomes) }
}

const figures = (run: Run | undefined) =>
  `p50 ${run?.report.latencyMs?.p50.toFixed(0)} ms, p99 ${run?.report.latencyMs?.p99.toFixed(0)} ms`
