// From single judgements to a verdict on a scenario: calm, armed and reset, seen together.
import type { Evidence, Observed, State, Topic, Verdict } from './evidence/types.ts'

export type WindowName = 'calm' | 'armed' | 'reset'
export type Windows = Record<WindowName, Observed>

/** One line of the table that `verify` prints; `measured` is the sentence of the window that decided. */
export type Row = {
  says: string
  role: 'symptom' | 'alibi' | 'recovery'
  pillar: Evidence['pillar']
  topic?: Topic
  calm: State
  armed: State
  reset: State
  state: State
  measured: string
}

/** `doubts` are sentences on why the windows themselves cannot be trusted; any of them makes a verdict inconclusive. */
export type Judgement = { state: State; rows: Row[]; doubts: string[] }

/**
 * What each kind of evidence must be in each window; of a recovery it is open what it is while armed. A symptom that is
 * inconclusive when calm was not shown to be absent.
 */
const expected: Record<Row['role'], Partial<Record<WindowName, State>>> = {
  symptom: { calm: 'failed', armed: 'held', reset: 'failed' },
  alibi: { calm: 'held', armed: 'held', reset: 'held' },
  recovery: { calm: 'held', reset: 'held' },
}

const phrases: Record<WindowName, string> = { calm: 'when calm', armed: 'while armed', reset: 'after reset' }

/** What is claimed of three windows. `isControl`: that there is nothing to see, so that no symptom is missed. */
export type Claims = {
  symptoms: readonly Evidence[]
  alibis: readonly Evidence[]
  recoveries?: readonly Evidence[]
  isControl?: boolean
}

/**
 * Judges symptoms (absent when calm, there while armed, gone after reset), alibis (true throughout) and recoveries (true when
 * calm and after reset) over three windows, each against the calm one. Held only if every row is; failed if any row is; else
 * inconclusive, as is a scenario without symptoms.
 */
export function judgeScenario(
  { symptoms, alibis, recoveries = [], isControl = false }: Claims,
  windows: Windows,
  doubts: readonly string[] = [],
): Judgement {
  const rows = [
    ...symptoms.map((evidence) => rowOf(evidence, 'symptom', windows)),
    ...recoveries.map((evidence) => rowOf(evidence, 'recovery', windows)),
    ...alibis.map((evidence) => rowOf(evidence, 'alibi', windows)),
  ]
  const allDoubts = symptoms.length === 0 && !isControl ? [...doubts, 'no symptom was declared'] : [...doubts]
  return { state: overall(rows, allDoubts), rows, doubts: allDoubts }
}

/** One row of the table: the evidence judged in the three windows. */
export function rowOf(evidence: Evidence, role: Row['role'], windows: Windows): Row {
  const judge = (name: WindowName): Verdict => evidence.judge(windows[name], windows.calm)
  const verdicts = { calm: judge('calm'), armed: judge('armed'), reset: judge('reset') }
  const { state, decisive } = combine(verdicts, expected[role])
  const { says, pillar, topic } = evidence
  const { measured } = verdicts[decisive]
  return {
    says,
    role,
    pillar,
    ...(topic === undefined ? {} : { topic }),
    calm: verdicts.calm.state,
    armed: verdicts.armed.state,
    reset: verdicts.reset.state,
    state,
    measured: state === 'held' ? measured : `${phrases[decisive]}: ${measured}`,
  }
}

/** A window that contradicts outweighs one that is undecided; when all is as expected the armed one speaks, or the last. */
function combine(verdicts: Record<WindowName, Verdict>, wanted: Partial<Record<WindowName, State>>) {
  const names = (['armed', 'calm', 'reset'] as const).filter((name) => wanted[name] !== undefined)
  const undecided = names.find((name) => verdicts[name].state === 'inconclusive')
  const wrong = names.find((name) => verdicts[name].state !== 'inconclusive' && verdicts[name].state !== wanted[name])
  if (wrong !== undefined) return { state: 'failed', decisive: wrong } as const
  if (undecided !== undefined) return { state: 'inconclusive', decisive: undecided } as const
  return { state: 'held', decisive: wanted.armed === undefined ? 'reset' : 'armed' } as const
}

function overall(rows: readonly Row[], doubts: readonly string[]): State {
  if (rows.some(({ state }) => state === 'failed')) return 'failed'
  if (doubts.length > 0 || rows.some(({ state }) => state === 'inconclusive')) return 'inconclusive'
  return 'held'
}
