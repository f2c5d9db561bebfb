// What a panel shows while all is calm and during a scenario: the most extreme value of the series that changed most.
import { type Answer, answersTo, type Backends, questionsOf, type Window } from '../../../grafana/ask.ts'
import { panelsOf } from '../../../grafana/asked.ts'
import { dashboards } from '../../../grafana/dashboards.ts'
import type { PanelPlace } from '../../../services/workshop/scenario.ts'

export type Measured = { series: string; calm: number; armed: number; unit: string; falls: boolean }

/** A panel shows an incident when its largest value is so many times the calm one, or its smallest this much of it. */
const risesTo = 1.5
const fallsTo = 0.95

export const isTelling = ({ calm, armed, falls }: Measured): boolean =>
  falls ? armed <= calm * fallsTo : armed > 0 && armed >= calm * risesTo

/** @throws Error when there is no such panel. */
export async function measured(
  { dashboard: uid, panel: title, at = {}, falls = false }: PanelPlace,
  { calm, armed }: { calm: Window; armed: Window },
  backends: Backends,
): Promise<Measured> {
  const dashboard = dashboards.find((each) => each.uid === uid)
  const panel = dashboard === undefined ? undefined : panelsOf(dashboard).find((each) => each.title === title)
  if (dashboard === undefined || panel === undefined) throw new Error(`There is no panel ${title} on dashboard ${uid}.`)
  const extreme = async (window: Window) => {
    const questions = (await questionsOf(dashboard, backends, window)).filter(
      ({ place, values }) => place === title && Object.entries(at).every(([name, value]) => values[name] === value),
    )
    const answers = await Promise.all(questions.map((question) => answersTo(question, backends, window)))
    return extremeByName(
      falls,
      questions.flatMap((question, index) =>
        (answers[index] ?? []).map((answer) => ({ question: question.query, ...answer })),
      ),
    )
  }
  const [before, during] = [await extreme(calm), await extreme(armed)]
  const changes = [...during].map(([series, value]) => ({ series, calm: before.get(series) ?? 0, armed: value }))
  const [most] = changes.sort((a, b) => (falls ? growth(a) - growth(b) : growth(b) - growth(a)))
  return { series: '', calm: 0, armed: 0, ...most, falls, unit: panel.fieldConfig?.defaults.unit ?? '' }
}

/** New where nothing was counts by its size; a tiny calm value must not make anything look like much. */
const growth = ({ calm, armed }: { calm: number; armed: number }) => armed / Math.max(calm, armed / 1000, 1e-9)

function extremeByName(falls: boolean, answers: (Answer & { question: string })[]): Map<string, number> {
  const byName = new Map<string, number>()
  for (const { question, labels, values } of answers) {
    const name = `${question} ${JSON.stringify(Object.entries(labels).sort())}`
    byName.set(
      name,
      falls ? Math.min(byName.get(name) ?? values[0] ?? 0, ...values) : Math.max(byName.get(name) ?? 0, ...values),
    )
  }
  return byName
}
