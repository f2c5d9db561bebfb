// The first page: what customers feel, what is going on, and the scenarios by their questions.
import { sendJson } from './api.js'
import { timeOfDay } from './format.js'
import { html, useState } from './html.js'
import { levels } from './levels.js'
import { Live } from './live.js'
import { useDoing, useNow, useOnce } from './now.js'
import { Shell } from './shell.js'

export function IncidentsPage() {
  const now = useNow()
  const { answer, refresh } = now
  const { scenarios = [] } = useOnce('/api/scenarios') ?? {}
  return html`
    <${Shell} page="incidents" now=${now}>
      <h1 class="visually-hidden">Incidents</h1>
      ${
        answer === undefined
          ? html`<${Loading} />`
          : html`
        <div class="two">
          <${Live} answer=${answer} />
          <div class="stack"><${GoingOn} answer=${answer} scenarios=${scenarios} /><${Traffic} traffic=${answer.traffic} refresh=${refresh} /></div>
        </div>
        <${Scenarios} scenarios=${scenarios} run=${answer.run} drill=${answer.drill} refresh=${refresh} />
      `
      }
    <//>
  `
}

const Loading = () => html`
  <div class="skeleton" role="status" aria-label="Loading">${Array.from({ length: 8 }, () => html`<div></div>`)}</div>
`

const stages = ['arming', 'armed', 'load', 'impact seen']

function GoingOn({ answer, scenarios }) {
  const { run, drill, armed = [], missing } = answer
  const scenario = scenarios.find(({ id }) => id === run?.id)
  return html`
    <section class="card padded" aria-labelledby="going-on">
      <h2 id="going-on">What is going on</h2>
      ${drill !== null && html`<p>A drill: <a href="/drill">somebody is on call</a>. What is armed is for them to find out.</p>`}
      ${drill === null && run === null && armed.length === 0 && html`<p class="muted">Nothing. Start something below.</p>`}
      ${drill === null && run !== null && html`<${Progress} run=${run} scenario=${scenario} />`}
      ${armed.length > 0 && (run === null ? html`<${Armed} armed=${armed} />` : html`<details><summary>What is armed (that is half the answer)</summary><${Armed} armed=${armed} /></details>`)}
      ${missing.length > 0 && html`<p class="is-error">Not everybody has read the flag file: ${missing.map(({ name, why }) => `${name}: ${why}`).join('; ')}.</p>`}
    </section>
  `
}

function Progress({ run, scenario }) {
  const at = stages.indexOf(run.state)
  return html`
    <p>${scenario?.question ?? 'A scenario that keeps its name to itself.'}</p>
    <p class="muted">Seed ${run.seed}, since ${timeOfDay(Date.parse(run.startedAt))}</p>
    <ol class="stages" aria-label="Progress">
      ${stages.map((stage, i) => html`<li data-is=${i < at ? 'done' : i === at ? 'now' : 'to-come'} aria-current=${i === at ? 'step' : undefined}>${stage}</li>`)}
    </ol>
    <div role="status">${run.says && html`<p>${run.says}</p>`}</div>
    ${!run.says && html`<p class="muted">${run.slow} of ${run.checkouts} checkouts over the objective so far.</p>`}
  `
}

export const Armed = ({ armed }) => html`
  <ul class="armed" aria-label="Armed">
    ${armed.map(
      ({ flag, variant, share, where = {}, until, by }) => html`<li>
        <code>${flag}: ${variant}</code>
        <span class="muted">${[
          share === undefined ? '' : `${Math.round(share * 1000) / 10} %`,
          ...Object.entries(where).map(([key, value]) => `${key} = ${value}`),
          `by ${by}`,
          until === undefined ? 'until it is reset' : `until ${timeOfDay(Date.parse(until))}`,
        ]
          .filter((part) => part !== '')
          .join(' · ')}</span>
      </li>`,
    )}
  </ul>
`

function Traffic({ traffic, refresh }) {
  const { run, isBusy, problem } = useDoing()
  const set = (content) =>
    run(async () => {
      await sendJson('/api/traffic', content)
      await refresh()
    })
  const until = traffic.until && timeOfDay(Date.parse(traffic.until))
  return html`
    <section class="card padded" aria-labelledby="traffic">
      <h2 id="traffic">The usual customers</h2>
      <p class="row">
        ${traffic.paused ? html`<span>are kept away until ${until}${traffic.reason ? `: ${traffic.reason}` : ''}</span>` : html`<span>come, ten a second.</span>`}
        ${
          traffic.paused
            ? html`<button disabled=${isBusy} onClick=${() => set({ paused: false })}>Let them in</button>`
            : html`<button disabled=${isBusy} onClick=${() => set({ paused: true, reason: 'kept away in the console', forSeconds: 120 })}>Keep them away for 2 min</button>`
        }
      </p>
      <p class="is-error" role="status">${problem}</p>
    </section>
  `
}

function Scenarios({ scenarios, run: current, drill, refresh }) {
  const [seed, setSeed] = useState('1')
  const { run, isBusy, problem } = useDoing()
  const start = (id) =>
    run(async () => {
      await sendJson(`/api/scenarios/${id}/start`, { seed: Number(seed) })
      await refresh()
      scrollTo({ top: 0, behavior: 'smooth' })
    })
  const isTaken = drill !== null || (current !== null && !['no impact', 'failed'].includes(current.state))
  return html`
    <section aria-labelledby="scenarios">
      <div class="section-head">
        <h2 id="scenarios">Scenarios</h2>
        <label class="inline">Seed <input type="number" min="0" step="1" value=${seed} onInput=${(event) => setSeed(event.currentTarget.value)} /></label>
        ${isTaken && html`<span class="muted">Reset what is going on before you start another one.</span>`}
      </div>
      <p class="is-error" role="alert">${problem}</p>
      ${levels.map(
        (title, level) => html`
        <h3>Level ${level}: ${title}</h3>
        <ul class="scenarios">
          ${scenarios
            .filter((one) => one.level === level)
            .map(
              ({ id, question }) => html`<li class="card padded" key=${id}>
              <p>${question}</p>
              <button disabled=${isBusy || isTaken} aria-label=${`Start: ${question}`} onClick=${() => start(id)}>Start</button>
            </li>`,
            )}
        </ul>
      `,
      )}
    </section>
  `
}
