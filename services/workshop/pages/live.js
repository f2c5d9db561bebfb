// What customers feel: a strip of numbers, before the change and since, and the last five minutes.
import { Chart } from './chart.js'
import { duration, percent } from './format.js'
import { html } from './html.js'

export function Live({ answer }) {
  const { live, why, sloMs, errorBudget, run } = answer
  if (live === undefined) return html`<p class="banner" role="alert">Nothing is known of the checkouts. ${why}</p>`
  const { lately, before, since, steps } = live
  const marks = run === null ? [] : [{ atMs: Date.parse(run.startedAt), label: 'shipped' }]
  const curve = (label, key, colour) => ({ label, colour, values: steps.map((step) => step[key] ?? null) })
  return html`
    <section class="card padded" aria-label="Checkouts">
      <div class="scrolls">
        <table class="feel">
          <thead>
            <tr><th scope="col">checkouts</th><th scope="col">a second</th><th scope="col">p50</th><th scope="col">p99</th><th scope="col">over ${sloMs} ms</th><th scope="col">not placed</th></tr>
          </thead>
          <tbody>
            <${Row} name="now" feel=${lately} sloMs=${sloMs} errorBudget=${errorBudget} />
            ${before && html`<${Row} name="before" feel=${before} sloMs=${sloMs} errorBudget=${errorBudget} />`}
            ${since && html`<${Row} name="since" feel=${since} sloMs=${sloMs} errorBudget=${errorBudget} />`}
          </tbody>
        </table>
      </div>
      <${Chart} title="How long checkouts take"
        atMs=${steps.map(({ atMs }) => atMs)}
        series=${[curve('p50', 'p50Ms', 'var(--good)'), curve('p99', 'p99Ms', 'var(--accent)')]}
        format=${duration} limit=${{ at: sloMs, label: `${sloMs} ms` }} marks=${marks} />
    </section>
  `
}

function Row({ name, feel, sloMs, errorBudget }) {
  const { checkouts, perSecond, p50Ms, p99Ms, slow, notPlaced } = feel
  const share = checkouts === 0 ? 0 : slow / checkouts
  const ms = (value) => (value === undefined ? '–' : duration(value))
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${perSecond.toFixed(1)}</td>
    <td>${ms(p50Ms)}</td>
    <td class=${p99Ms > sloMs ? 'is-slow' : ''}>${ms(p99Ms)}</td>
    <td class=${share > errorBudget ? 'is-slow' : ''}>${checkouts === 0 ? '–' : `${percent(share)} (${slow} of ${checkouts})`}</td>
    <td>${notPlaced}</td>
  </tr>`
}
