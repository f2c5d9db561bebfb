// From what each slow checkout looks like to what is the matter: who, in what way, what speaks for it, what against, what to ask next.
import { attributes } from '../../kit/telemetry/names.ts'
import type { Difference } from '../compare.ts'
import { operationLabel } from '../evidence/contributors.ts'
import { pasteAnswered, pasteAttribute, pasteSpan } from '../evidence/paste.ts'
import type { Query } from '../evidence/types.ts'
import { median } from '../statistics.ts'
import { inMs, percent } from '../text.ts'
import type { Trace } from '../trace.ts'
import type { Template } from './log-templates.ts'
import { type Case, type Diagnosis, type MechanismId, mechanisms, tellingGap } from './mechanisms.ts'
import type { Saturation } from './saturation.ts'
import type { When } from './when.ts'
import type { Who } from './who.ts'

export type Hypothesis = {
  component: string
  mechanism: MechanismId
  says: string
  /** Of the slow checkouts that have a trace, how many look like this (0–1). */
  share: number
  confidence: 'likely' | 'possible' | 'a guess'
  supporting: string[]
  refuting: string[]
  /** What it would have to show, or else the hypothesis is wrong. */
  next: Query
}

type Diagnosed = Case & { diagnosis: Diagnosis }

export type Material = {
  who: Who
  when: When
  diagnosed: readonly Diagnosed[]
  saturation: readonly Saturation[]
  /** What tells these slow checkouts from the fast ones: attributes, and lines. */
  differencesOf(slow: readonly Trace[]): Difference[]
  linesOf(slow: readonly Trace[]): Template[]
}

/** What explains fewer of the slow ones (0–1) is not worth a hypothesis. */
const leastShare = 0.1
const mostHypotheses = 3
/** Slow ones are left out when at most this share of them has a trace, and at least that of the others. */
const leftOut = { slowAtMost: 0.5, fastAtLeast: 0.8 }
const fewestLeftOut = 5

/** The likeliest first. Telemetry that leaves the slow ones out comes before whatever it has left. */
export function hypothesesOf(material: Material): Hypothesis[] {
  const { diagnosed } = material
  const groups = Map.groupBy(diagnosed, ({ diagnosis }) => JSON.stringify(diagnosis))
  const found = [...groups.values()]
    .filter(({ length }) => length / diagnosed.length >= leastShare)
    .map((group) => hypothesisOf(group, material))
    .sort((a, b) => b.share - a.share)
  return [...missingTraces(material), ...found].slice(0, mostHypotheses)
}

function hypothesisOf(group: readonly Diagnosed[], material: Material): Hypothesis {
  const { diagnosed, saturation, when } = material
  const [{ diagnosis, excesses } = group[0] as Diagnosed] = group
  const { component, mechanism } = diagnosis
  const share = group.length / diagnosed.length
  const top = operationLabel(excesses[0])
  const excessMs = median(group.map((one) => one.excesses[0].excessMs))
  const traces = group.map(({ trace }) => trace)
  const [difference] = material.differencesOf(traces).filter((one) => one.shareSlow - one.shareFast >= tellingGap)
  const moved = saturation.filter(({ state }) => state === 'with the slow ones')
  const told = material.linesOf(traces).filter(({ slowCount }) => slowCount >= group.length / 2)
  const others = diagnosed.length - group.length
  const supporting = [
    `${group.length} of ${diagnosed.length} slow checkouts spend most of what is too much in ${top}, ${inMs(excessMs)} in the median`,
    ...(difference === undefined ? [] : [difference.says]),
    ...moved.slice(0, 2).map(({ says }) => says),
    ...told
      .slice(0, 2)
      .map(
        (line) =>
          `${line.service} writes in ${line.slowCount} slow checkouts and ${line.fastCount} fast ones: ${line.says}`,
      ),
    ...(when.everyMs === undefined ? [] : [`they come in bursts, every ${(when.everyMs / 1000).toFixed(1)} s`]),
  ]
  return {
    ...{ component, mechanism, share, supporting },
    says: `${component}: ${mechanisms[mechanism]}`,
    confidence: confidenceOf(share, supporting.length),
    refuting: others === 0 ? [] : [`${others} slow checkouts (${percent(others / diagnosed.length)}) look otherwise`],
    next: nextOf(group[0] as Diagnosed, difference),
  }
}

/** No more certain than what it rests on: how many of them it explains, and what else says so. */
function confidenceOf(share: number, supports: number): Hypothesis['confidence'] {
  if (share < 0.5) return 'a guess'
  return share >= 0.8 && supports > 1 ? 'likely' : 'possible'
}

/** Where the time is, asked of all slow checkouts: were it as short there as in fast ones, the hypothesis would be wrong. */
function nextOf({ excesses: [top], diagnosis }: Diagnosed, difference: Difference | undefined): Query {
  const { service, name, spans } = top
  const kind = spans[0]?.kind
  const where = { service, name, ...(kind === undefined ? {} : { kind }) }
  if (diagnosis.mechanism === 'refused-then-asked-again') return pasteAnswered({ service, kind: 'client' }, 429)
  if (diagnosis.mechanism === 'retries')
    return pasteSpan({ service: diagnosis.component, kind: 'client' }, { underSlowCheckout: true, isError: true })
  const isPlace = ['bad-instance', 'bad-connection', 'cache-stampede'].includes(diagnosis.mechanism)
  if (isPlace && difference !== undefined) return pasteAttribute(difference.key, difference.value)
  return pasteSpan(where, { underSlowCheckout: true, quantile: 0.5 })
}

/** Metrics, or whoever bought, know of slow checkouts that no trace was kept of, while the fast ones are all there. */
function missingTraces({ who: { total, slow, traced }, diagnosed }: Material): Hypothesis[] {
  const [slowShare, fastShare] = [traced.slow / slow, traced.fast / (total - slow)]
  const isLeftOut =
    slowShare <= leftOut.slowAtMost && fastShare >= leftOut.fastAtLeast && slow - traced.slow >= fewestLeftOut
  if (!isLeftOut) return []
  return [
    {
      component: 'api',
      mechanism: 'missing-traces',
      says: `api: ${mechanisms['missing-traces']}`,
      share: 1 - slowShare,
      confidence: 'likely',
      supporting: [
        `${traced.slow} of ${slow} slow checkouts have a trace (${percent(slowShare)}), ${traced.fast} of ${total - slow} fast ones (${percent(fastShare)})`,
      ],
      refuting: diagnosed.length === 0 ? [] : [`${diagnosed.length} slow ones did leave a trace`],
      next: {
        language: 'TraceQL',
        text: `{ resource.service.name = "api" && kind = server } | count_over_time() by (span.${attributes.tier})`,
      },
    },
  ]
}
