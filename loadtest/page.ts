// The report of a run as one page that needs nothing else: no script, no request, light and dark. Pure.
import { slo } from '../services/kit/slo.ts'
import { limitsMet, overallOf } from './breakdown.ts'
import { duration, mostStartLagMs, percent } from './figures.ts'
import { findingsOf } from './findings.ts'
import { distribution } from './page/distribution.ts'
import { documentOf } from './page/document.ts'
import { type Html, html } from './page/html.ts'
import { overTime } from './page/over-time.ts'
import { breakdown, slowest } from './page/tables.ts'
import type { RunReport } from './run-report.ts'
import { factsLine, type TraceUrl } from './text.ts'

export type PageOptions = {
  traceUrl: TraceUrl
  /** Of a run that goes on: the page asks for itself again. */
  refreshSeconds?: number
}

export function pageOf(report: RunReport, { traceUrl, refreshSeconds }: PageOptions): string {
  const findings = findingsOf(report)
  const head = refreshSeconds === undefined ? undefined : html`<meta http-equiv="refresh" content="${refreshSeconds}">`
  const content = html`<header>
  <p class="lesson">${report.lesson}</p>
  <h1>${report.question}</h1>
  <p class="facts">${factsLine(report)}</p>
</header>
${tiles(report)}
<section>
  <h2>${overallOf(report)}</h2>
  <ul class="limits">${limitsMet(report).map(limit)}</ul>
  ${findings.length === 0 ? undefined : html`<ul class="findings">${findings.map((finding) => html`<li>${finding}</li>`)}</ul>`}
</section>
<section><h2>How long it took</h2><p class="muted">Each row to its own height, over a logarithmic axis.</p>${distribution(report)}</section>
<section><h2>Over time</h2>${overTime(report)}</section>
<section><h2>Who waited</h2>${breakdown(report)}</section>
<section><h2>The slowest, and their traces</h2>${slowest(report, traceUrl)}</section>`
  return documentOf({ title: report.lesson, head }, content)
}

function tiles({ whole }: RunReport): Html {
  const { latencyMs, slow, slowShare, goodShare, startLagP99Ms } = whole
  const tile = (name: string, value: string, tone = '') =>
    html`<div class="tile"><dt>${name}</dt><dd class="${tone}">${value}</dd></div>`
  const isMissed = whole.count > 0 && goodShare < slo.objective
  const isLate = startLagP99Ms !== undefined && startLagP99Ms > mostStartLagMs
  return html`<dl class="tiles">
    ${tile('median', duration(latencyMs?.p50))}
    ${tile('p99', duration(latencyMs?.p99), (latencyMs?.p99 ?? 0) > slo.thresholdMs ? 'is-slow' : '')}
    ${tile(`over ${slo.thresholdMs} ms`, percent(slowShare), slow > 0 ? 'is-slow' : '')}
    ${tile(`good, of ${percent(slo.objective)} wanted`, percent(goodShare), isMissed ? 'is-error' : '')}
    ${tile('start lag p99', duration(startLagP99Ms), isLate ? 'is-slow' : '')}
  </dl>`
}

const limit = ({ says, isHeld }: RunReport['limits'][number]): Html =>
  html`<li class="${isHeld ? 'is-held' : 'is-broken'}"><span class="mark" aria-hidden="true">${isHeld ? '✓' : '✗'}</span><span><span class="visually-hidden">${isHeld ? 'holds: ' : 'broken: '}</span>${says}</span></li>`
