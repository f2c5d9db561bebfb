// What the containers hold in memory once all of them have been up for ten minutes under the baseline.
import { get } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { docker, stackWith } from './docker.ts'

const upForMs = 10 * 60_000
const goalMib = 1.6 * 1024
const mib = 1024 ** 2

test('resident memory by container, after ten minutes at 10 checkouts a second', {
  timeout: upForMs + 60_000,
}, async () => {
  const stack = await stackWith(inject('backend'))
  const ids = (await stack.must('ps', '--quiet')).split('\n').filter((id) => id !== '')
  const { stdout } = await docker(['inspect', '--format={{.State.StartedAt}}', ...ids])
  const youngestMs = Math.max(
    ...stdout
      .trim()
      .split('\n')
      .map((time) => Date.parse(time)),
  )
  await sleep(Math.max(0, youngestMs + upForMs - Date.now()))
  const containers = await Promise.all(ids.map(memoryOf))
  const totalMib = containers
    .filter(({ name }) => !name.includes('grafana'))
    .reduce((sum, { residentMib }) => sum + residentMib, 0)
  for (const { name, residentMib, usedMib, limitMib } of containers.toSorted((a, b) => b.residentMib - a.residentMib))
    console.log(
      `${name.padEnd(24)} ${inMib(residentMib)} resident, ${inMib(usedMib)} with cached files, of ${inMib(limitMib)}`,
    )
  console.log(`without Grafana: ${inMib(totalMib)} resident, goal ${inMib(goalMib)}`)
  expect(totalMib).toBeGreaterThan(500)
  expect(containers.filter(({ usedMib, limitMib }) => usedMib > 0.95 * limitMib)).toEqual([])
})

const inMib = (amount: number): string => `${amount.toFixed(0).padStart(4)} MiB`

type Stats = { name: string; memory_stats: { usage: number; limit: number; stats: Record<string, number> } }

/** From the engine's API: `docker stats` counts files that happen to be cached, and does not say how much that is. */
async function memoryOf(id: string) {
  const { name, memory_stats: memory } = await engineGet<Stats>(`/containers/${id}/stats?stream=false&one-shot=true`)
  // The first name is that of cgroup v2, the second that of v1.
  const { stats } = memory
  const anonymous = stats.anon ?? stats.rss ?? Number.NaN
  const mapped = stats.file_mapped ?? stats.mapped_file ?? Number.NaN
  return {
    name: name.slice(1),
    residentMib: (anonymous + mapped) / mib,
    usedMib: (memory.usage - (stats.total_inactive_file ?? stats.inactive_file ?? 0)) / mib,
    limitMib: memory.limit / mib,
  }
}

async function engineGet<T>(path: string): Promise<T> {
  const { stdout } = await docker(['context', 'inspect', '--format={{.Endpoints.docker.Host}}'])
  const socketPath = stdout.trim().replace('unix://', '')
  return new Promise((resolve, reject) => {
    get({ socketPath, path }, (response) => void json(response).then((body) => resolve(body as T), reject)).on(
      'error',
      reject,
    )
  })
}
