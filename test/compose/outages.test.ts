// The Collector goes away, then each backend: customers do not notice, and what was accepted is not lost.
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { questionsOf } from '../../grafana/ask.ts'
import { collectorMetrics } from '../../grafana/foreign-metrics.ts'
import { pipelineDashboard } from '../../grafana/pipeline/index.ts'
import { eventually } from '../helpers/eventually.ts'
import { type Stack, stackWith } from './docker.ts'
import { type Numbered, numberOf, query, startNumbers, traceIdsUpTo } from './numbered.ts'
import { backendsOf, lately, logql, peakOf, promql, traceSource } from './read.ts'
import { sendTooOld } from './too-old.ts'
import { checkoutsFor, failuresOf, p99Of } from './traffic.ts'

const outageSeconds = 60
const mostMinutes = 3

let stack: Stack
beforeAll(async () => {
  stack = await stackWith(inject('backend'))
})

type Outage = { name: string; begin: string[]; end: string[] }
const paused = (service: string): Outage => ({
  name: `${service} paused`,
  begin: ['pause', service],
  end: ['unpause', service],
})
const outages: Outage[] = [
  { name: 'collector stopped', begin: ['stop', 'collector'], end: ['start', 'collector'] },
  paused('loki'),
  paused('prometheus'),
  paused(inject('backend')),
]

test.for(outages)(
  'no checkout fails with the $name for a minute',
  { timeout: mostMinutes * 150_000 },
  async ({ name, begin, end }) => {
    onTestFinished(async () => void (await stack.compose(...end)))
    // Other work on this machine only ever makes checkouts slower: one undisturbed minute is enough to know.
    let ratio = Number.POSITIVE_INFINITY
    for (let minute = 0; minute < mostMinutes && ratio > 2; minute++) {
      const numbers = startNumbers(stack, Date.now())
      const calmP99Ms = p99Of(await checkoutsFor(stack, 20, 40))
      await stack.must(...begin)
      const outcomes = await checkoutsFor(stack, outageSeconds, 41)
      await stack.must(...end)
      await sleep(2_000)
      await numbers.stop()

      const p99Ms = p99Of(outcomes)
      console.log(`${name}: ${outcomes.length} checkouts, p99 ${p99Ms.toFixed(0)} ms (calm ${calmP99Ms.toFixed(0)} ms)`)
      expect(failuresOf(outcomes)).toEqual([])
      await expectAllStored(numbers, name)
      ratio = p99Ms / calmP99Ms
    }
    expect(ratio).toBeLessThanOrEqual(2)
  },
)

test('what the Collector accepted is stored, also when it is killed', { timeout: 120_000 }, async () => {
  const numbers = startNumbers(stack, Date.now())
  for (let kills = 0; kills < 3; kills++) {
    await sleep(4_000)
    await stack.must('kill', '--signal=KILL', 'collector')
    await sleep(1_000)
    await stack.must('start', 'collector')
  }
  await sleep(3_000)
  await numbers.stop()
  await expectAllStored(numbers, 'collector killed three times')
})

test('what a backend will not have is counted as given up', { timeout: 60_000 }, async () => {
  await sendTooOld(stack)
  await eventually(
    'both are counted',
    async () => {
      for (const counter of [collectorMetrics.sendFailedLines, collectorMetrics.sendFailedPoints])
        expect(await promql(stack, `${counter} > 0`), counter).not.toEqual([])
      // The page says zero where there is nothing, and with a wrong name in its query.
      const asked = await questionsOf(pipelineDashboard().build(), backendsOf(stack), lately())
      const given = asked.filter(({ place, legend }) => place === 'Given up' || legend === 'not taken by a backend')
      expect(given.length).toBe(2)
      for (const question of given) expect(await peakOf(stack, question), question.place).toBeGreaterThan(0)
    },
    { withinMs: 30_000, everyMs: 1_000 },
  )
})

/** Duplicates are allowed. */
async function expectAllStored(numbers: Numbered, when: string): Promise<void> {
  const { run, spans, logs, sent } = numbers
  const source = traceSource(stack)
  await eventually(
    `the accepted ones are stored (${when})`,
    async () => {
      const traces = await source.traces(traceIdsUpTo(run, sent))
      const storedSpans = new Set(
        [...traces.values()].flatMap((trace) => trace.spans.map(({ name }) => numberOf(name))),
      )
      const storedLogs = new Set((await logql(stack, query(run))).map(({ line }) => numberOf(line)))
      expect([...spans].filter((n) => !storedSpans.has(n))).toEqual([])
      expect([...logs].filter((n) => !storedLogs.has(n))).toEqual([])
    },
    { withinMs: 45_000, everyMs: 1_000 },
  )
  console.log(`${when}: of ${sent} spans and lines ${spans.size} and ${logs.size} were accepted, and all are stored`)
}
