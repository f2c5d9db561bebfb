// What a panel's series shows in two calm windows and in one of an incident, and whether that tells the incident from calm.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { answersTo, type Backends, questionsOf, type Window } from '../../../grafana/ask.ts'
import { panelsOf } from '../../../grafana/asked.ts'
import { dashboards } from '../../../grafana/dashboards.ts'
import { seriesName } from '../../../grafana/filled.ts'
import { slo } from '../../../services/kit/slo.ts'
import type { PanelPlace } from '../../../services/workshop/scenario.ts'

/** All of the same length: the longer one looks, the more extreme the most extreme value. */
export type Windows = { calm: readonly [Window, Window]; armed: Window }

export type Measured = {
  calm: readonly [number, number]
  armed: number
  unit: string
  least: number
  falls: boolean
}

/** A person sees a difference when one value is so many times the other, or this much of it. */
const risesTo = 1.5
const fallsTo = 0.97

const differs = (before: number, now: number, { least, falls }: Measured): boolean =>
  falls ? now <= before * fallsTo : now >= least && now >= before * risesTo

/** Sentences about a panel that does not show the incident, or that would show one on a calm day as well. */
export function faultsOf(measured: Measured): string[] {
  const [first, second] = measured.calm
  const shows = differs(first, measured.armed, measured) && differs(second, measured.armed, measured)
  const isFickle = differs(first, second, measured) || differs(second, first, measured)
  return [
    ...(shows ? [] : ['does not show it']),
    ...(isFickle ? ['looks different in two calm windows, as if there were an incident in one of them'] : []),
  ]
}

/** @throws Error when there is no such panel, or a backend does not answer. */
export async function measured(place: PanelPlace, { calm, armed }: Windows, backends: Backends): Promise<Measured> {
  const { dashboard: uid, panel: title, least = slo.thresholdMs / 2 / 1000, falls = false } = place
  const dashboard = dashboards.find((each) => each.uid === uid)
  const panel = dashboard && panelsOf(dashboard).find((each) => each.title === title)
  if (dashboard === undefined || panel === undefined)
    throw new Error(`There is no panel "${title}" on the dashboard ${uid}.`)
  const extreme = async (window: Window) => {
    const values = await valuesIn(dashboard, place, window, backends)
    // Nothing there is nothing to see for what rises, and no answer for what falls.
    if (values.length === 0) return falls ? Number.NaN : 0
    return falls ? Math.min(...values) : Math.max(...values)
  }
  return {
    calm: [await extreme(calm[0]), await extreme(calm[1])],
    armed: await extreme(armed),
    unit: panel.fieldConfig?.defaults.unit ?? '',
    least,
    falls,
  }
}

async function valuesIn(
  dashboard: Dashboard,
  { panel, at = {}, series }: PanelPlace,
  window: Window,
  backends: Backends,
): Promise<number[]> {
  const isAt = (values: Record<string, string>) => Object.entries(at).every(([name, value]) => values[name] === value)
  const questions = (await questionsOf(dashboard, backends, window)).filter(
    ({ place, values }) => place === panel && isAt(values),
  )
  const answers = questions.map(async (question) =>
    (await answersTo(question, backends, window)).filter(
      ({ labels }) => seriesName(question.legend, labels) === series,
    ),
  )
  return (await Promise.all(answers)).flat().flatMap(({ values }) => values)
}
