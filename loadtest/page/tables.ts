// The tables of the page: who waited how long, and the slowest ones with the way to their traces.
import { type Row, rowsOf, whoOf } from '../breakdown.ts'
import { count, duration, failures, percent, sinceStart } from '../figures.ts'
import type { RunReport } from '../run-report.ts'
import type { TraceUrl } from '../text.ts'
import { type Html, html } from './html.ts'
import { percentOf } from './scales.ts'

export function breakdown(report: RunReport): Html {
  const rows = rowsOf(report)
  const mostSlow = Math.max(0.01, ...rows.map((row) => row.report.slowShare))
  return html`<div class="scrolls"><table class="breakdown">
    <thead><tr><th scope="col">who</th><th scope="col">checkouts</th><th scope="col">p50</th><th scope="col" class="wide">p95</th><th scope="col">p99</th><th scope="col" class="wide">max</th><th scope="col" class="bar-column">slow</th><th scope="col" class="wide">good</th><th scope="col" class="wide text">errors</th></tr></thead>
    <tbody>${rows.map((row) => breakdownRow(row, mostSlow))}</tbody>
  </table></div>`
}

function breakdownRow({ name, report, isFirst, group, key, value }: Row, mostSlow: number): Html {
  const { latencyMs, slowShare, slow } = report
  const heading =
    key !== undefined && isFirst
      ? html`<tr class="cohort-key first"><th scope="rowgroup" colspan="9">${key}</th></tr>`
      : undefined
  return html`${heading}<tr class="${group}${isFirst && key === undefined ? ' first' : ''}">
    <th scope="row">${value ?? name}</th><td>${count(report.count)}</td>
    <td>${duration(latencyMs?.p50)}</td><td class="wide">${duration(latencyMs?.p95)}</td>
    <td>${duration(latencyMs?.p99)}</td><td class="wide">${duration(latencyMs?.max)}</td>
    <td class="bar-column"><span class="bar" aria-hidden="true"><i style="width:${percentOf(slowShare / mostSlow)}"></i></span><span class="${slow > 0 ? 'is-slow' : 'faint'}">${percent(slowShare)}</span></td>
    <td class="wide">${percent(report.goodShare)}</td><td class="wide text faint">${failures(report)}</td>
  </tr>`
}

export function slowest(report: RunReport, traceUrl: TraceUrl): Html {
  if (report.slowest.length === 0) return html`<p class="muted">No trace was recorded.</p>`
  return html`<ol class="slowest">${report.slowest.map((one) => {
    const { traceId, latencyMs, dueEpochMs } = one
    return html`<li><a href="${traceUrl(traceId, dueEpochMs)}"><b>${duration(latencyMs)}</b><span class="when">at ${sinceStart(dueEpochMs, report)}</span><span class="who">${whoOf(one)}</span><code>${traceId}</code></a></li>`
  })}</ol>`
}
