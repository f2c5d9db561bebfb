// Lessons as a person runs them: through compose, against the stack, ending as the course says.
import { beforeAll, expect, inject, test } from 'vitest'
import { thresholdsOf } from '../../loadtest/k6/thresholds.ts'
import { type Lesson, lessons } from '../../loadtest/lessons.ts'
import { sectionOf } from '../helpers/course.ts'
import { eventually } from '../helpers/eventually.ts'
import { type ComposeConfig, type Stack, stackWith } from './docker.ts'
import { k6Alone } from './k6.ts'
import { promql } from './read.ts'

let stack: Stack
beforeAll(async () => {
  stack = await stackWith(inject('backend'))
})

function lesson(id: string): Lesson {
  const found = lessons.find((each) => each.id === id)
  if (!found) throw new RangeError(id)
  return found
}

test('the lessons’ k6 starts only when asked, and may do no more than the others', async () => {
  expect(Object.keys(stack.config.services)).not.toContain('k6')
  const all = JSON.parse(await stack.must('--profile=load', 'config', '--format=json')) as ComposeConfig
  const { k6, baseline } = all.services
  expect(k6).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
  expect(Number(k6?.mem_limit)).toBeLessThanOrEqual(768 * 1024 ** 2)
  expect(k6?.image).toBe(baseline?.image)
})

test.for(lessons)('k6 reads $id and makes of it what was meant', { timeout: 30_000 }, async (each) => {
  const { code, stdout, stderr } = await k6Alone(['inspect', `/loadtest/${each.id}.ts`])
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout, asWritten).thresholds).toEqual(thresholdsOf(each))
})

/** k6 writes out what is absent, and 83s as 1m23s. */
function asWritten(key: string, value: unknown): unknown {
  if (key !== 'delayAbortEval') return value
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(String(value)) ?? []
  return value === null ? undefined : `${Number(minutes) * 60 + Number(seconds)}s`
}

// Shop, backends and players share two cores here.
const atHalfTheRate = ['-e', 'RATE=0.5']

test.for([
  ['01-smoke', []],
  ['06-soak', [...atHalfTheRate, '-e', 'MINUTES=0.5']],
  ['08-cohorts', atHalfTheRate],
  ['09-to-the-trace', atHalfTheRate],
] as const)('$0 ends as the course says and sums up', { timeout: 150_000 }, async ([id, env]) => {
  const { code, stdout, stderr } = await stack.compose('run', '--rm', '-T', ...env, 'k6', 'run', `/loadtest/${id}.ts`)
  console.log(stdout)
  expect(code, stdout + stderr).toBe(sectionOf({ id })?.exit)
  expect(stdout).toContain(`${id}: ${lesson(id).question}`)
  expect(stdout).toContain('✓ nobody is left out: 0 of')
  expect(stdout).toMatch(/The slowest\n +[\d.]+ m?s .+http\S+\/[0-9a-f]{32}/)
})

test('a lesson’s measurements are told from the baseline’s', { timeout: 60_000 }, async () => {
  await eventually('Prometheus has the lessons’ checkouts', async () => {
    const found = await promql(
      stack,
      'count by (service_name) (last_over_time(k6_http_reqs_total{name="checkout"}[10m]))',
    )
    expect(found.map(({ labels }) => labels.service_name).sort()).toEqual(['baseline', 'k6'])
  })
})
