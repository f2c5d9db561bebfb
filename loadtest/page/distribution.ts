// How many checkouts took how long: a row for each part, all over the same logarithmic axis.
import { slo } from '../../services/kit/slo.ts'
import { count, duration, percent } from '../figures.ts'
import type { Report } from '../report.ts'
import { bucketRatio, type RunReport } from '../run-report.ts'
import { type Html, html } from './html.ts'
import { logScale, percentOf, type Scale, x } from './scales.ts'

type Bar = { fromMs: number; upToMs: number; count: number }

export function distribution(report: RunReport): Html {
  const { distribution: buckets, parts, whole } = report
  if (buckets.length === 0) return html`<p class="muted">Nothing was answered.</p>`
  const barsOf = (countIn: (bucket: RunReport['distribution'][number]) => number): Bar[] =>
    buckets.map((bucket) => ({
      fromMs: bucket.upToMs / bucketRatio,
      upToMs: bucket.upToMs,
      count: countIn(bucket),
    }))
  const longestMs = Math.max(slo.thresholdMs * 2, ...buckets.map(({ upToMs }) => upToMs))
  const scale = logScale(Math.min(...barsOf(() => 0).map(({ fromMs }) => fromMs)), longestMs)
  const rows = [
    { name: 'all', report: whole, bars: barsOf((bucket) => bucket.count) },
    ...parts.map(({ name, report }) => ({ name, report, bars: barsOf(({ byPart }) => byPart[name] ?? 0) })),
  ]
  return html`<div class="ridges ${rows.length > 5 ? 'many' : ''}">
    ${rows.map((row) => ridge(row, scale))}
    <div class="ridge axis-row" aria-hidden="true"><span></span>
      <div class="x-axis">${scale.ticks.map((ms) => tick(ms, scale))}</div><span></span></div>
  </div>`
}

function ridge({ name, report, bars }: { name: string; report: Report; bars: Bar[] }, scale: Scale): Html {
  const timed = bars.reduce((sum, bar) => sum + bar.count, 0)
  const highest = Math.max(1, ...bars.map((bar) => bar.count))
  const says = `${name}: ${timed} checkouts, median ${duration(report.latencyMs?.p50)}, ${percent(report.slowShare)} slow`
  return html`<div class="ridge">
    <span class="ridge-name"><b>${name}</b> <span class="faint">${count(report.count)}</span></span>
    <svg class="plot" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="${says}">
      ${bars.filter((bar) => bar.count > 0).map((bar) => column(bar, { timed, highest }, scale))}
      <line class="slo-line" x1="${x(scale.at(slo.thresholdMs))}" x2="${x(scale.at(slo.thresholdMs))}" y1="0" y2="100"/>
    </svg>
    <span class="ridge-slow ${report.slow > 0 ? 'is-slow' : 'faint'}">${percent(report.slowShare)} slow</span>
  </div>`
}

/** Even a single checkout is seen. */
const lowestColumn = 4

/** The bucket in which the objective lies is of both colours. */
function column(bar: Bar, { timed, highest }: { timed: number; highest: number }, scale: Scale): Html {
  const height = Math.max(lowestColumn, (bar.count / highest) * 96)
  const middle = Math.min(bar.upToMs, Math.max(bar.fromMs, slo.thresholdMs))
  const piece = (fromMs: number, toMs: number, tone: string) =>
    toMs <= fromMs
      ? html``
      : html`<rect class="${tone}" x="${x(scale.at(fromMs))}" width="${x(scale.at(toMs) - scale.at(fromMs))}" y="${100 - height}" height="${height}"/>`
  const says = `${duration(bar.fromMs)} to ${duration(bar.upToMs)}: ${bar.count} of ${timed}`
  return html`<g><title>${says}</title>${piece(bar.fromMs, middle, 'fast')}${piece(middle, bar.upToMs, 'slow')}</g>`
}

const tick = (ms: number, scale: Scale): Html =>
  html`<span class="${ms === slo.thresholdMs ? 'is-slow' : ''}" style="left:${percentOf(scale.at(ms))}">${tickText(ms)}</span>`

/** `20 ms`, `2 s`: ticks are round. */
export const tickText = (ms: number): string => (ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`)
