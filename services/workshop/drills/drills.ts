// A drill: a scenario that keeps its name to itself, a pager message, answers that are checked, and at the end what it was.
import type { TraceUrl } from '../../../loadtest/text.ts'
import { InvalidRequest } from '../../kit/errors.ts'
import { createRandom } from '../../kit/random.ts'
import type { Looked } from '../../lens/why/who.ts'
import type { DrillResult, DrillReveal, DrillState, ScenarioRun, Shipped } from '../contract.ts'
import { Busy, NoDrill } from '../errors.ts'
import { look } from '../look.ts'
import type { Runs } from '../runs.ts'
import type { Scenario } from '../scenario.ts'
import type { Telemetry } from '../telemetry.ts'
import type { Answer, Evidence } from './answer.ts'
import { drawn, fixesOf } from './draw.ts'
import { type Checked, checkLog, checkMetric, checkTrace, windowBefore } from './evidence.ts'
import { type Grade, grade, scoreOf } from './grade.ts'
import { parseMetric } from './metric-text.ts'
import { revealOf, shownOf } from './reveal.ts'
import { type ShippingDeps, settingsOf, ship, undoing, watch } from './shipping.ts'

export type Drills = ReturnType<typeof createDrills>

export type DrillsOptions = Omit<ShippingDeps, 'count'> & {
  runs: Pick<Runs, 'start' | 'current' | 'reset'>
  telemetry: Telemetry
  scenarios: readonly Scenario[]
  /** Where a browser opens a trace. */
  traceUrl: TraceUrl
}

type Asked = { player: string; level: number; seed: number }
type Drill = Asked & {
  scenario: Scenario
  run: ScenarioRun
  fixes: string[]
  startedAtMs: number
  pagedAtMs?: number
  hintsTaken: number
  wrongAnswers: number
  best: { score: number; grade?: Grade }
  /** Of the last answer that showed one that was good. */
  traceId?: string
  shipped?: Shipped
  revealing?: Promise<DrillReveal>
  /** Aborted when the drill is over. */
  over: AbortController
}

const keptResults = 50

export function createDrills(options: DrillsOptions) {
  const { runs, telemetry, scenarios, traceUrl } = options
  let current: Drill | undefined
  let board: DrillResult[] = []

  const end = () => {
    current?.over.abort()
    current = undefined
  }

  const going = (): Drill => {
    if (current === undefined) throw new NoDrill('There is no drill. Start one first.')
    return current
  }

  const stateOf = (drill: Drill): DrillState => {
    const { run } = drill
    if (run.state === 'impact seen') drill.pagedAtMs ??= Date.now()
    const isLost = runs.current() !== run || run.state === 'no impact' || run.state === 'failed'
    const state = drill.pagedAtMs !== undefined ? 'paged' : isLost ? 'failed' : 'waiting'
    const { player, level, seed, fixes, hintsTaken, wrongAnswers, scenario, best, shipped } = drill
    return {
      ...{ player, level, seed, state, fixes, hintsTaken, wrongAnswers },
      hints: scenario.hints.slice(0, hintsTaken),
      ...(shipped && { shipped }),
      startedAt: new Date(drill.startedAtMs).toISOString(),
      checkouts: run.checkouts,
      slow: run.slow,
      hintsLeft: scenario.hints.length - hintsTaken,
      score: best.score,
      ...(state === 'failed'
        ? { says: 'Nothing came of it, so there is nothing to look for: start another one.' }
        : {}),
    }
  }

  const paged = (): Drill => {
    const drill = going()
    if (stateOf(drill).state !== 'paged')
      throw new Busy('Nobody has been paged yet: wait until some checkouts are slow.')
    return drill
  }

  const revealed = async (drill: Drill): Promise<DrillReveal> => {
    const { scenario, player, level, seed, best } = drill
    const shown = await shownOf(drill, telemetry)
    if (current === drill) {
      end()
      await runs.reset()
    }
    board = [{ player, level, seed, score: best.score, endedAt: new Date().toISOString() }, ...board].slice(
      0,
      keptResults,
    )
    return { ...revealOf(scenario, shown, traceUrl), score: best.score, marks: best.grade?.marks ?? [] }
  }

  return {
    /** @throws Busy when something else goes on. */
    start(asked: Asked): DrillState {
      if (current !== undefined && stateOf(current).state !== 'failed')
        throw new Busy('A drill is going on: reveal it first.')
      const random = createRandom(asked.seed)
      const scenario = drawn(scenarios, asked.level, random)
      const run = runs.start(scenario, { seed: asked.seed, hidden: true })
      const fixes = fixesOf(scenario, scenarios, random)
      current = {
        ...asked,
        scenario,
        run,
        fixes,
        startedAtMs: Date.now(),
        hintsTaken: 0,
        wrongAnswers: 0,
        best: { score: 0 },
        over: new AbortController(),
      }
      return stateOf(current)
    },

    current: (): DrillState | null => (current === undefined ? null : stateOf(current)),

    /** The next hint; each has its price. @throws NoDrill, Busy */
    hint(): { hint: string; left: number } {
      const drill = paged()
      const hint = drill.scenario.hints[drill.hintsTaken]
      if (hint === undefined) throw new Busy('There are no more hints.')
      drill.hintsTaken += 1
      return { hint, left: drill.scenario.hints.length - drill.hintsTaken }
    },

    /** What an answer is worth. Who is wrong may answer again, for a price. @throws NoDrill, Busy */
    async answer(answer: Answer): Promise<Grade & { score: number }> {
      const drill = paged()
      const { scenario, fixes, startedAtMs, pagedAtMs = Date.now() } = drill
      const looked = await look(telemetry, { fromMs: startedAtMs, toMs: Date.now() })
      const right = scenario.rightFix === undefined ? 0 : fixes.indexOf(scenario.rightFix.fix) + 1
      const evidence = await checked(answer.evidence, looked, scenario, telemetry)
      const graded = grade(answer, {
        truth: scenario.truth,
        armedAtMs: startedAtMs,
        ...(right > 0 ? { rightFix: right } : {}),
        evidence,
      })
      if (answer.evidence.trace !== undefined && evidence.trace?.isGood) drill.traceId = answer.evidence.trace
      const { wrongAnswers, hintsTaken: hints } = drill
      const score = scoreOf(graded, { wrongAnswers, hints, minutes: (Date.now() - pagedAtMs) / 60_000 })
      if (!graded.isRight) drill.wrongAnswers += 1
      if (score >= drill.best.score) drill.best = { score, grade: graded }
      return { ...graded, score }
    },

    /**
     * Ships a fix, instead of the one shipped before; `current` says what comes of it. @throws NoDrill, Busy, InvalidRequest
     */
    async ship(fix: number): Promise<DrillState> {
      const drill = paged()
      const text = drill.fixes[fix - 1]
      if (text === undefined) throw new InvalidRequest(`There is no fix ${fix}: expected 1 to ${drill.fixes.length}.`)
      if (drill.shipped?.state === 'watching')
        throw new Busy('A fix is being watched: wait until it is known what it did.')
      const last = drill.shipped
      const undone =
        last === undefined ? [] : undoing(settingsOf(drill.fixes[last.fix - 1] ?? '', drill.scenario), drill.scenario)
      const { slow, checkouts } = stateOf(drill)
      const shippedAt = new Date().toISOString()
      const beforehand = slow / Math.max(1, checkouts)
      const shipped: Shipped = { fix, state: 'watching', shippedAt, beforehand, checkouts: 0 }
      drill.shipped = shipped
      const { signal } = drill.over
      try {
        await ship([...undone, ...settingsOf(text, drill.scenario)], options, signal)
      } catch (error) {
        if (last === undefined) delete drill.shipped
        else drill.shipped = last
        throw error
      }
      watch(shipped, { ...options, count: telemetry.count }, signal).then(
        () => {
          // Whoever tries them all out has not found out.
          if (shipped.state === 'still slow') drill.wrongAnswers += 1
        },
        () => {},
      )
      return stateOf(drill)
    },

    /** What it was. Ends the drill and makes everything calm; who asks meanwhile is told the same. @throws NoDrill */
    async reveal(): Promise<DrillReveal> {
      const drill = going()
      drill.revealing ??= revealed(drill)
      return drill.revealing
    },

    /** The highest first. */
    board: (): DrillResult[] => board.toSorted((a, b) => b.score - a.score),

    /** Somebody made everything calm: there is nothing left to find. */
    callOff: (): void => end(),

    /** @throws Busy while there is something to find out. */
    refuseIfGoing(why = 'this would give it away'): void {
      if (current !== undefined && stateOf(current).state !== 'failed')
        throw new Busy(`A drill is going on: ${why}. Reveal it first.`)
    },

    [Symbol.dispose]: end,
  }
}

async function checked(
  { trace, metric, log }: Evidence,
  looked: Looked,
  { truth }: Scenario,
  telemetry: Telemetry,
): Promise<Partial<Record<'trace' | 'metric' | 'log', Checked>>> {
  const before = windowBefore(looked.window)
  const asked = metric === undefined ? undefined : parseMetric(metric)
  const seriesIn = async (window: typeof before) =>
    asked === undefined ? [] : telemetry.series(asked.metric, asked.labels, window)
  return {
    ...(trace === undefined ? {} : { trace: checkTrace(trace, looked, truth) }),
    ...(metric === undefined
      ? {}
      : { metric: checkMetric(metric, await seriesIn(before), await seriesIn(looked.window)) }),
    ...(log === undefined
      ? {}
      : { log: checkLog(log, looked, await telemetry.logs({ service: log.service, window: before })) }),
  }
}
