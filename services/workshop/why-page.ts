// The "why slow" report as one page: no script, no request, light and dark. Pure.
import { documentOf } from '../../loadtest/page/document.ts'
import { type Html, html } from '../../loadtest/page/html.ts'
import { inMs, percent } from '../lens/text.ts'
import type { Hypothesis } from '../lens/why/hypotheses.ts'
import { differences, flat, headline, odd, places, population, ranOut, when, wrote } from '../lens/why/text.ts'
import type { Why } from '../lens/why/why.ts'

type Options = { traceUrl: (traceId: string, atMs: number) => string }

/** Lengths that a person may want to look back on, in minutes. */
const lengths = [1, 2, 5, 15]

export function whyPage(report: Why, { traceUrl }: Options): string {
  const { window, hypotheses, examples, limits } = report
  const link = (traceId: string, kind: string) =>
    html`<li><a href="${traceUrl(traceId, window.fromMs)}"><b class="${kind === 'slow' ? 'is-slow' : ''}">${kind}</b> <code>${traceId}</code></a></li>`
  const content = html`<header>
  <p class="lesson">why are some checkouts slow?</p>
  <h1>${headline(report)}</h1>
  <p class="facts">${population(report)}</p>
  <nav class="facts" aria-label="Length"><span>${timeOf(window.fromMs)} to ${timeOf(window.toMs)} UTC · look again at the last</span>
    ${lengths.map((minutes) => html`<a href="/why?last=${minutes}">${minutes} min</a>`)} <a href="/">Console</a></nav>
</header>
${hypotheses.map(hypothesis)}
${section('When', listOf(when(report)))}
${section('Where the time is that fast ones do not spend', placesOf(places(report)))}
${section('What slow ones have in common', listOf(differences(report)))}
${section('What is odd about them', listOf(odd(report)))}
${section('What ran out meanwhile', listOf(ranOut(report)))}
${section('What did not', listOf(flat(report)))}
${section('What they wrote', listOf(wrote(report)))}
${section('Look for yourself', html`<ul class="examples">${examples.slow.map((id) => link(id, 'slow'))}${examples.fast.slice(0, 1).map((id) => link(id, 'fast'))}</ul>`)}
${section('What this could not show', listOf(limits))}`
  return documentOf({ title: 'Why slow?', ownStyle }, content)
}

/** A section without content is left out. */
const section = (title: string, content: Html | undefined): Html =>
  content === undefined ? html`` : html`<section><h2>${title}</h2>${content}</section>`

const listOf = (texts: readonly string[]): Html | undefined =>
  texts.length === 0 ? undefined : html`<ul class="says">${texts.map((text) => html`<li>${text}</li>`)}</ul>`

function hypothesis({ says, confidence, share, supporting, refuting, next }: Hypothesis, index: number): Html {
  const because = (mark: string, kind: string, texts: readonly string[]) =>
    texts.map((text) => html`<li><span class="mark ${kind}" aria-hidden="true">${mark}</span><span>${text}</span></li>`)
  return html`<section class="hypothesis"><h2>${index + 1}. ${says}</h2>
    <p class="muted">${confidence}, ${percent(share)} of them</p>
    <ul class="because">${because('+', 'for', supporting)}${because('−', 'against', refuting)}</ul>
    <p class="next"><span class="muted">Ask next, in ${next.language}:</span> <code>${next.text}</code></p>
  </section>`
}

function placesOf(where: Why['where']): Html | undefined {
  if (where.length === 0) return undefined
  const most = Math.max(...where.map(({ share }) => share))
  return html`<div class="scrolls"><table class="breakdown"><thead><tr><th scope="col">operation</th><th scope="col">more than usual</th><th scope="col" class="bar-column">of all that is too much</th></tr></thead>
    <tbody>${where.map(
      ({ operation, excessMs, share }) =>
        html`<tr><th scope="row">${operation}</th><td>${inMs(excessMs)}</td><td class="bar-column"><span class="bar" aria-hidden="true"><i style="width:${Math.round((share / most) * 100)}%"></i></span><span>${percent(share)}</span></td></tr>`,
    )}</tbody></table></div>`
}

const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11, 19)

const ownStyle = `
.says, .because, .examples { display: grid; gap: var(--s2); overflow-wrap: anywhere; }
.because li { display: grid; grid-template-columns: 20px minmax(0, 1fr); }
.hypothesis h2 + .muted { margin-bottom: var(--s2); }
.mark.for { color: var(--held); font-weight: 700; }
.mark.against { color: var(--error); font-weight: 700; }
.next { margin-top: var(--s3); overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s3); }
nav a, .examples a { color: var(--accent); }
.examples b { display: inline-block; width: 40px; }
`
