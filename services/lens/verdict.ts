// From single judgements to a verdict on a scenario: calm, armed and reset, seen together.
import type { Evidence, Observed, State, Verdict } from './evidence/types.ts'

export type WindowName = 'calm' | 'armed' | 'reset'
export type Windows = Record<WindowName, Observed>

/** One line of the table that `verify` prints; `measured` is the sentence of the window that decided. */
export type Row = {
  says: string
  role: 'symptom' | 'alibi'
  pillar: Evidence['pillar']
  calm: State
  armed: State
  reset: State
  state: State
  measured: string
}

/** `doubts` are sentences on why the windows themselves cannot be trusted; any of them makes a verdict inconclusive. */
export type Judgement = { state: State; rows: Row[]; doubts: string[] }

/** What each kind of evidence must be in each window. A symptom that is inconclusive when calm was not shown to be absent. */
const expected: Record<Row['role'], Record<WindowName, State>> = {
  symptom: { calm: 'failed', armed: 'held', reset: 'failed' },
  alibi: { calm: 'held', armed: 'held', reset: 'held' },
}

const phrases: Record<WindowName, string> = { calm: 'when calm', armed: 'while armed', reset: 'after reset' }

/**
 * Judges symptoms (absent when calm, there while armed, gone after reset) and alibis (true throughout) over three windows, each
 * against the calm one. Held only if every row is; failed if any row is; else inconclusive, as is a scenario without symptoms.
 */
export function judgeScenario(
  { symptoms, alibis }: { symptoms: readonly Evidence[]; alibis: readonly Evidence[] },
  windows: Windows,
  doubts: readonly string[] = [],
): Judgement {
  const rows = [
    ...symptoms.map((evidence) => rowOf(evidence, 'symptom', windows)),
    ...alibis.map((evidence) => rowOf(evidence, 'alibi', windows)),
  ]
  const allDoubts = symptoms.length === 0 ? [...doubts, 'no symptom was declared'] : [...doubts]
  return { state: overall(rows, allDoubts), rows, doubts: allDoubts }
}

/** One row of the table: the evidence judged in the three windows. */
export function rowOf(evidence: Evidence, role: Row['role'], windows: Windows): Row {
  const judge = (name: WindowName): Verdict => evidence.judge(windows[name], windows.calm)
  const verdicts = { calm: judge('calm'), armed: judge('armed'), reset: judge('reset') }
  const { state, decisive } = combine(verdicts, expected[role])
  const { says, pillar } = evidence
  const { measured } = verdicts[decisive]
  return {
    says,
    role,
    pillar,
    calm: verdicts.calm.state,
    armed: verdicts.armed.state,
    reset: verdicts.reset.state,
    state,
    measured: state === 'held' ? measured : `${phrases[decisive]}: ${measured}`,
  }
}

/** A window that contradicts outweighs one that is undecided; the armed window speaks when all is as expected. */
function combine(verdicts: Record<WindowName, Verdict>, wanted: Record<WindowName, State>) {
  const names = ['armed', 'calm', 'reset'] as const
  const undecided = names.find((name) => verdicts[name].state === 'inconclusive')
  const wrong = names.find((name) => verdicts[name].state !== 'inconclusive' && verdicts[name].state !== wanted[name])
  if (wrong !== undefined) return { state: 'failed', decisive: wrong } as const
  if (undecided !== undefined) return { state: 'inconclusive', decisive: undecided } as const
  return { state: 'held', decisive: 'armed' } as const
}

function overall(rows: readonly Row[], doubts: readonly string[]): State {
  if (rows.some(({ state }) => state === 'failed')) return 'failed'
  if (doubts.length > 0 || rows.some(({ state }) => state === 'inconclusive')) return 'inconclusive'
  return 'held'
}
