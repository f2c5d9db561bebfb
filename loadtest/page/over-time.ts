// The run from left to right: median and p99, who was not served in time, and how many came.
import { errorBudget, slo } from '../../services/kit/slo.ts'
import { duration, minutes, percent } from '../figures.ts'
import { overTimeSeconds, type RunReport } from '../run-report.ts'
import { tickText } from './distribution.ts'
import { type Html, html } from './html.ts'
import { logScale, percentOf, x, y } from './scales.ts'

type Slot = RunReport['overTime'][number]
type Point = { at: number; height: number | undefined }

export function overTime(report: RunReport): Html {
  const { overTime: slots } = report
  const totalSeconds = (slots.at(-1)?.atSeconds ?? 0) + overTimeSeconds
  const along = (seconds: number) => Math.min(1, Math.max(0, seconds / totalSeconds))
  const middle = ({ atSeconds }: Slot) => along(atSeconds + overTimeSeconds / 2)
  const columns = slots.map((slot) => ({ slot, from: along(slot.atSeconds), middle: middle(slot) }))
  const hover = columns.map(
    ({ slot, from }) =>
      html`<rect class="hover" x="${x(from)}" width="${x(along(overTimeSeconds))}" y="0" height="100"><title>${says(slot)}</title></rect>`,
  )
  const chart = (name: string, label: string, drawn: Html, around: Html) => html`<figure class="chart ${name}">
    <figcaption>${label}</figcaption>
    <div class="plot-area">
      <svg class="plot" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="${label}">${drawn}${hover}</svg>
      ${around}
    </div>
  </figure>`

  const latencies = slots.flatMap(({ report: { latencyMs } }) => (latencyMs ? [latencyMs.p50, latencyMs.p99] : []))
  const scale = logScale(
    Math.min(slo.thresholdMs / 10, ...latencies) / 1.2,
    Math.max(slo.thresholdMs * 2, ...latencies) * 1.2,
  )
  const line = (quantile: 'p50' | 'p99') =>
    columns.map(({ slot, middle: at }): Point => {
      const ms = slot.report.latencyMs?.[quantile]
      return { at, height: ms === undefined ? undefined : scale.at(ms) }
    })
  const sloAt = y(scale.at(slo.thresholdMs))
  const badShares = columns.map(({ slot }) => 1 - slot.report.goodShare)
  const mostBad = Math.max(0.05, ...badShares)
  const mostPerSecond = Math.max(1, ...slots.map(({ report: { ratePerSecond } }) => ratePerSecond)) * 1.1

  return html`<div class="over-time">
    <div class="bands ${report.parts.length > 6 ? 'many' : ''}" aria-hidden="true">${report.parts.map(({ name, fromSeconds, toSeconds }) => band(name, along(fromSeconds), along(toSeconds)))}</div>
    ${chart(
      'latency',
      'Latency: median and p99',
      html`${shipped(report, along)}${scale.ticks.map((ms) => gridLine(y(scale.at(ms))))}
        <line class="slo-line" x1="0" x2="1000" y1="${sloAt}" y2="${sloAt}"/>
        ${curve('p50', line('p50'))}${curve('p99', line('p99'))}`,
      html`${scale.ticks.map((ms) => html`<span class="y-tick ${ms === slo.thresholdMs ? 'is-slow' : ''}" style="top:${percentOf(1 - scale.at(ms))}">${tickText(ms)}</span>`)}`,
    )}
    ${chart(
      'bad',
      `Slow or failed: up to ${percent(mostBad)}; the objective allows ${percent(errorBudget)}`,
      html`${columns.map(({ from }, i) => bar('slow', from, along(overTimeSeconds), (badShares[i] ?? 0) / mostBad))}
        <line class="slo-line" x1="0" x2="1000" y1="${y(errorBudget / mostBad)}" y2="${y(errorBudget / mostBad)}"/>`,
      html``,
    )}
    ${chart(
      'rate',
      `Checkouts a second: up to ${(mostPerSecond / 1.1).toFixed(1)}`,
      html`${columns.map(({ slot, from }) => bar('came', from, along(overTimeSeconds), slot.report.ratePerSecond / mostPerSecond))}`,
      html``,
    )}
    <div class="x-axis" aria-hidden="true">${timeTicks(totalSeconds).map((seconds) => html`<span style="left:${percentOf(along(seconds))}">${minutes(seconds)}</span>`)}</div>
    <p class="legend"><span class="key p50">median</span><span class="key p99">p99</span><span class="key slo">${slo.thresholdMs} ms, the objective</span>${report.incident === undefined ? undefined : html`<span class="key shipped">what somebody shipped was there</span>`}</p>
  </div>`
}

const says = ({ atSeconds, report }: Slot): string =>
  `${minutes(atSeconds)} · ${report.count} checkouts · median ${duration(report.latencyMs?.p50)} · p99 ${duration(report.latencyMs?.p99)} · ${percent(1 - report.goodShare)} slow or failed`

const band = (name: string, from: number, to: number): Html =>
  html`<span title="${name}" style="left:${percentOf(from)};width:${percentOf(to - from)}">${name}</span>`

/** From when it was armed until it was reset, or until the end where nobody reset it yet. */
function shipped({ incident, firstDueAtMs }: RunReport, along: (seconds: number) => number): Html {
  if (incident === undefined) return html``
  const from = along((incident.armedAtMs - firstDueAtMs) / 1000)
  const to = incident.resetAtMs === undefined ? 1 : along((incident.resetAtMs - firstDueAtMs) / 1000)
  return html`<rect class="shipped" x="${x(from)}" width="${x(to - from)}" y="0" height="100"/>`
}

const gridLine = (at: number): Html => html`<line class="grid" x1="0" x2="1000" y1="${at}" y2="${at}"/>`

const bar = (tone: string, from: number, width: number, height: number): Html =>
  html`<rect class="${tone}" x="${x(from + width * 0.06)}" width="${x(width * 0.88)}" y="${y(height)}" height="${100 - y(height)}"/>`

/** A line with gaps where nothing was measured; with dots where there are so few that a line alone says little. */
function curve(name: string, points: Point[]): Html {
  const path = points
    .map(({ at, height }, i) => {
      if (height === undefined) return ''
      return `${points[i - 1]?.height === undefined ? 'M' : 'L'}${x(at)} ${y(height)}`
    })
    .join('')
  const dots = points.flatMap(({ at, height }) => (height === undefined ? [] : [`M${x(at)} ${y(height)}h0`])).join('')
  return html`<path class="line ${name}" d="${path}"/>${points.length <= 30 ? html`<path class="dots ${name}" d="${dots}"/>` : undefined}`
}

const roundSeconds = [5, 10, 15, 30, 60, 120, 300, 600]

/** About six of them. */
function timeTicks(totalSeconds: number): number[] {
  const step = roundSeconds.find((seconds) => totalSeconds / seconds <= 6) ?? 1200
  return Array.from({ length: Math.floor(totalSeconds / step) + 1 }, (_, i) => i * step)
}
