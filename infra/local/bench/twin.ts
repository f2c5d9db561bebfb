// k6 and the Node driver play the same plan, calm and with something wrong: do they measure the same?
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { plan, planHash } from '../../../loadtest/plan.ts'
import { proof } from '../../../loadtest/profiles.ts'
import { type Report, summarise } from '../../../loadtest/report.ts'
import { labControls, workshopClient } from '../../../services/workshop/client.ts'
import { hotProduct } from '../../../services/workshop/scenarios/hot-product.ts'
import type { Bench, Measurement } from '../bench.ts'
import { type BenchLab, inBenchLab, playAt } from './bench-lab.ts'
import { type Pair, type Run, rowsOf } from './twin-rows.ts'

/** Evenly spaced checkouts at the proof's rate. */
const script = 'loadtest/02-steady.ts'
const minutes = 0.75
const seed = 1
const checkout = resolve(import.meta.dirname, '../../..')

export const twin: Bench['run'] = async ({ say, signal, k6 }) => {
  const version = await versionOf(k6)
  if (version === undefined)
    return [notMeasured(`not measured: there is no program ${k6} here (--k6 says where it is)`)]
  say(version)
  return inBenchLab(signal, async (lab) => {
    const controls = labControls(workshopClient(new URL(lab.urls.workshop)))
    await playAt(lab, { seed: 2, durationSeconds: 15 })
    const pairs: Pair[] = []
    for (const [when, armed] of [
      ['calm', []],
      [hotProduct.id, hotProduct.arm],
    ] as const) {
      await controls.arm(armed)
      pairs.push({ when, k6: await byK6(lab, k6), node: await byNode(lab) })
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

const versionOf = (k6: string): Promise<string | undefined> =>
  promisify(execFile)(k6, ['version']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )

/** The lesson as anybody plays it; the workshop of the lab sums it up. */
async function byK6(lab: BenchLab, k6: string): Promise<Run> {
  const settings = { API_URL: lab.urls.api, WORKSHOP_URL: lab.urls.workshop, SEED: seed, MINUTES: minutes }
  const given = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const before = await loadsOf(lab)
  // 99 is a broken threshold: a number to report like any other.
  await promisify(execFile)(k6, ['run', '--quiet', ...given, script], { cwd: checkout, signal: lab.signal }).catch(
    (error: { code?: unknown; stderr?: string }) => {
      if (error.code !== 99) throw new Error(`k6 did not play the lesson: ${error.stderr?.slice(-500)}`)
    },
  )
  const run = (await loadsOf(lab)).find((each) => !before.includes(each))
  if (run === undefined) throw new Error('The workshop has heard nothing of what k6 played.')
  const answer = await fetch(`${lab.urls.workshop}/api/loads/${run}`)
  const { planHash, whole } = (await answer.json()) as { planHash: string; whole: Report }
  return { planHash, report: whole }
}

async function loadsOf(lab: BenchLab): Promise<string[]> {
  const answer = await fetch(`${lab.urls.workshop}/api/loads`)
  return ((await answer.json()) as { loads: { run: string }[] }).loads.map(({ run }) => run)
}

async function byNode(lab: BenchLab): Promise<Run> {
  const durationSeconds = minutes * 60
  const outcomes = await playAt(lab, { seed, durationSeconds })
  return { planHash: planHash(plan({ ...proof, durationSeconds }, seed)), report: summarise(outcomes) }
}

const figures = (run: Run | undefined) =>
  `p50 ${run?.report.latencyMs?.p50.toFixed(0)} ms, p99 ${run?.report.latencyMs?.p99.toFixed(0)} ms`
