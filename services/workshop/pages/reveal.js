// What it was, told on a checkout of that very incident.
import { Marks } from './answer.js'
import { duration, fromHere } from './format.js'
import { Service } from './frame.js'
import { html } from './html.js'

export function Reveal({ it, onAgain }) {
  const { title, id, truth, trace, decoy, rightFix, wrongFixes, alerts, noAlert, code, score, marks } = it
  return html`
    <div class="stack reveal">
      <section class="card padded" aria-labelledby="what">
        <h2 id="what">${title} <code class="faint">${id}</code></h2>
        <p><strong>${truth.component}:</strong> ${truth.mechanism}</p>
        <ol class="path">${truth.path.map((step) => html`<li>${step}</li>`)}</ol>
      </section>
      ${trace && html`<${YourTrace} trace=${trace} />`}
      ${
        decoy &&
        html`<section class="card padded" aria-labelledby="decoy">
        <h2 id="decoy">What it looked like</h2>
        <p>${decoy.says}</p><p><strong>But</strong> ${decoy.refutedBy}</p>
      </section>`
      }
      <section class="card padded" aria-labelledby="ends">
        <h2 id="ends">What ends it</h2>
        ${rightFix && html`<p><strong>${rightFix}</strong></p>`}
        <ul class="says">${wrongFixes.map(({ fix, because }) => html`<li><span class="muted">Not:</span> ${fix}: ${because}</li>`)}</ul>
        <p>${alerts.length > 0 ? html`Alerts that would have told you: ${alerts.map((name, i) => html`${i > 0 ? ', ' : ''}<code>${name}</code>`)}.` : html`No alert would have told you: ${noAlert}.`}</p>
        ${code.length > 0 && html`<p class="muted">Where it is chosen: ${code.map((path, i) => html`${i > 0 ? ', ' : ''}<code>${path}</code>`)}</p>`}
      </section>
      <section class="card padded" aria-labelledby="score">
        <h2 id="score">Your score: ${score} of 100</h2>
        ${marks.length > 0 ? html`<${Marks} marks=${marks} />` : html`<p class="muted">You have not answered.</p>`}
        <p><button class="primary" onClick=${onAgain}>Another one</button></p>
      </section>
    </div>
  `
}

function YourTrace({ trace: { traceId, url, tookMs, path, hops, lines } }) {
  const most = Math.max(...path.map(({ share }) => share))
  return html`<section class="card padded" aria-labelledby="trace-of">
    <h2 id="trace-of">On one checkout: ${duration(tookMs)} <a href=${fromHere(url)} target="look"><code>${traceId.slice(0, 8)}</code></a></h2>
    <h3>Where its time went</h3>
    <ul class="bars">${path.map(
      ({ service, name, part, ms, share }) => html`<li>
        <span class="what"><${Service} name=${service} /> ${name}${part === 'self' ? '' : part === 'before-server' ? ' (until the server began)' : ' (after the server had ended)'}</span>
        <span class="bar" aria-hidden="true"><i style=${{ width: `${(share / most) * 100}%` }}></i></span>
        <span class="mono">${duration(ms)} · ${Math.round(share * 100)} %</span>
      </li>`,
    )}</ul>
    <h3>How its context travelled</h3>
    <ul class="says mono">${hops.map((hop) => html`<li>${hop}</li>`)}</ul>
    <h3>What was written in it</h3>
    ${lines.length === 0 ? html`<p class="muted">Nothing that carries its id.</p>` : html`<ul class="says mono">${lines.map(({ service, severity, body }) => html`<li><${Service} name=${service} /> ${severity === 'info' ? '' : html`<strong>${severity}</strong> `}${body}</li>`)}</ul>`}
  </section>`
}
