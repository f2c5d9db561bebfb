// The report as text for a terminal: the answer first, then what it rests on.
import { slo } from '../../kit/slo.ts'
import { inMs, type Palette, percent, wrap } from '../text.ts'
import type { Hypothesis } from './hypotheses.ts'
import type { Why } from './why.ts'

type Layout = { columns: number; paint: Palette; traceUrl: (traceId: string) => string }

/** How many lines of each list are shown; JSON has all of them. */
const shown = 5
/** What has less of all that is too much (0–1) is left out. */
const leastShare = 0.02

/** Lines joined by newlines, none wider than `columns`. */
export function whyText(report: Why, { columns, paint, traceUrl }: Layout): string {
  const lines = (texts: readonly string[], indent = 2) =>
    texts.flatMap((text) => wrap(`${' '.repeat(indent)}${text}`, columns, indent + 2))
  const section = (title: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : ['', paint.bold(title), ...lines(texts)]
  return [
    ...wrap(headline(report), columns, 2).map(paint.bold),
    ...wrap(population(report), columns, 2),
    ...report.hypotheses.flatMap((one, i) => ['', ...hypothesis(one, i + 1, columns, paint)]),
    ...section('When', when(report)),
    ...section(
      'Where the time is that fast ones do not spend',
      places(report).map(
        ({ operation, excessMs, share }) =>
          `${inMs(excessMs).padStart(8)}  ${percent(share).padStart(5)}  ${operation}`,
      ),
    ),
    ...section('What slow ones have in common', differences(report)),
    ...section('What is odd about them', odd(report)),
    ...section('What ran out meanwhile', ranOut(report)),
    ...section('What did not', flat(report)),
    ...section('What they wrote', wrote(report)),
    ...section('Look for yourself', [
      ...report.examples.slow.map((id) => `slow  ${traceUrl(id)}`),
      ...report.examples.fast.slice(0, 1).map((id) => `fast  ${traceUrl(id)}`),
    ]),
    ...section('What this could not show', report.limits),
  ].join('\n')
}

/** The answer in a sentence. */
export function headline({ conclusion, hypotheses: [first], who }: Why): string {
  if (who.total === 0) return 'There was no checkout in this time.'
  if (conclusion === 'nothing') return 'Nothing found: no more checkouts are slow than the objective allows.'
  if (conclusion === 'healed')
    return `Healed by itself${first === undefined ? '' : `. While it lasted: ${first.says}`}.`
  if (first === undefined) return 'Checkouts are slow, and nothing here says why.'
  return `${capital(first.confidence)}: ${first.says}.`
}

/** Of how many checkouts it is the answer. */
export function population({ who: { total, slow, interval, traced } }: Why): string {
  return `${slow} of ${total} checkouts took over ${slo.thresholdMs} ms (${percent(slow / Math.max(1, total))}, 95 %: ${percent(interval.low)} to ${percent(interval.high)}); traces of ${traced.slow} slow and ${traced.fast} fast ones were read.`
}

function hypothesis(one: Hypothesis, number: number, columns: number, paint: Palette): string[] {
  const { says, confidence, share, supporting, refuting, next } = one
  return [
    ...wrap(`${number}. ${says} (${confidence}, ${percent(share)} of them)`, columns, 3).map(paint.bold),
    ...supporting.flatMap((text) => wrap(`   + ${text}`, columns, 5)),
    ...refuting.flatMap((text) => wrap(`   - ${text}`, columns, 5)),
    ...wrap(`   ? ${next.language}  ${next.text}`, columns, 5).map(paint.dim),
  ]
}

/** When they came, where that says something. */
export function when({ when: { bursts, everyMs, endedAtMs } }: Why): string[] {
  return [
    endedAtMs === undefined ? [] : [`none since ${new Date(endedAtMs).toISOString().slice(11, 19)} UTC`],
    everyMs === undefined
      ? bursts.length > 1
        ? [`in ${bursts.length} bursts, at no even pace`]
        : []
      : [`in ${bursts.length} bursts, one every ${(everyMs / 1000).toFixed(1)} s`],
  ].flat()
}

/** What they have in common; that nothing separates them is an answer. */
export function differences({ differences: all, conclusion }: Why): string[] {
  if (conclusion === 'nothing') return []
  if (all.length === 0) return ['no attribute separates them from fast ones: look at time, instance or load']
  return all.slice(0, shown).map(({ says }) => says)
}

/** Where most of what is too much was spent. */
export const places = ({ where }: Why): Why['where'] => where.filter(({ share }) => share >= leastShare).slice(0, shown)

/** What is odd about them. */
export const odd = ({ structures }: Why): string[] =>
  structures.map(({ says, ...counts }) => `${slowAndFast(counts)}: ${says}`)

/** What ran out, with the slow ones or all the time. */
export const ranOut = ({ saturation }: Why): string[] =>
  saturation
    .filter(({ state }) => state !== 'flat')
    .slice(0, shown)
    .map(({ says }) => says)

/** What is written in them and hardly in others. */
export const wrote = ({ logs }: Why): string[] =>
  logs.slice(0, shown).map(({ service, says, ...counts }) => `${slowAndFast(counts)}: ${service}: ${says}`)

const slowAndFast = ({ slowCount, fastCount }: { slowCount: number; fastCount: number }): string =>
  `${slowCount} slow, ${fastCount} fast`

/** What did not run out. */
export function flat({ saturation, conclusion }: Why): string[] {
  if (conclusion === 'nothing') return []
  const calm = saturation.filter(({ state }) => state === 'flat')
  return calm.length === 0 ? [] : [[...new Set(calm.map(({ metric, where }) => `${metric} of ${where}`))].join(', ')]
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
