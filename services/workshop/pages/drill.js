// Being on call: start a drill, wait for the pager, look, ship fixes, answer, and be told what it was.
import { AnswerForm } from './answer.js'
import { getJson, sendJson } from './api.js'
import { fromHere, percent, timeOfDay } from './format.js'
import { html, useEffect, useState } from './html.js'
import { useKept } from './kept.js'
import { levels } from './levels.js'
import { useDoing, useNow } from './now.js'
import { Reveal } from './reveal.js'
import { Shell } from './shell.js'

export function DrillPage() {
  const now = useNow()
  const { answer, refresh } = now
  const [revealed, setRevealed] = useKept('reveal', undefined)
  const drill = answer?.drill
  return html`
    <${Shell} page="drill" now=${now}>
      <h1>Drill</h1>
      ${answer === undefined && html`<div class="skeleton" role="status" aria-label="Loading"><div></div><div></div></div>`}
      ${drill === null && revealed && html`<${Reveal} it=${revealed} onAgain=${() => setRevealed(undefined)} />`}
      ${drill === null && !revealed && html`<${Begin} refresh=${refresh} />`}
      ${drill && html`<${OnCall} answer=${answer} refresh=${refresh} onReveal=${setRevealed} />`}
    <//>
  `
}

function Begin({ refresh }) {
  const [asked, setAsked] = useState({ level: '1', seed: '', player: localStorage.getItem('player') ?? '' })
  const { run, isBusy, problem } = useDoing()
  const set = (name) => (event) => setAsked({ ...asked, [name]: event.currentTarget.value })
  const start = (event) => {
    event.preventDefault()
    void run(async () => {
      const player = asked.player.trim()
      localStorage.setItem('player', player)
      await sendJson('/api/drills', {
        level: Number(asked.level),
        ...(asked.seed === '' ? {} : { seed: Number(asked.seed) }),
        ...(player === '' ? {} : { player }),
      })
      await refresh()
    })
  }
  return html`
    <p class="muted lead">Somebody ships something, and you are paged when customers feel it. Say who it is, how it comes about, and show it. Now and then nothing is wrong.</p>
    <div class="two">
      <form class="card padded form" onSubmit=${start} aria-labelledby="begin">
        <h2 id="begin">Go on call</h2>
        <label class="field"><span>Your name, for the board</span><input maxlength="40" value=${asked.player} onInput=${set('player')} /></label>
        <label class="field"><span>Level</span>
          <select id="level" value=${asked.level} onChange=${set('level')}>${levels.map((text, level) => html`<option value=${level} selected=${String(level) === asked.level}>${level}: ${text}</option>`)}</select>
        </label>
        <label class="field"><span>Seed (the same drill for everybody who is given it; empty: any)</span><input id="seed" type="number" min="0" step="1" value=${asked.seed} onInput=${set('seed')} /></label>
        <button class="primary" disabled=${isBusy}>Start</button>
        <p class="is-error" role="alert">${problem}</p>
      </form>
      <${Board} />
    </div>
  `
}

function Board() {
  const [results, setResults] = useState()
  useEffect(() => {
    const load = () =>
      getJson('/api/drills').then(
        (answer) => setResults(answer.results),
        () => {},
      )
    void load()
    const timer = setInterval(load, 5_000)
    return () => clearInterval(timer)
  }, [])
  return html`
    <section class="card padded" aria-labelledby="board">
      <h2 id="board">Board</h2>
      ${results?.length === 0 && html`<p class="muted">Nobody has played yet.</p>`}
      ${
        results?.length > 0 &&
        html`<div class="scrolls"><table class="feel">
        <thead><tr><th scope="col">who</th><th scope="col">score</th><th scope="col">level</th><th scope="col">seed</th><th scope="col">when</th></tr></thead>
        <tbody>${results.map(
          ({ player, score, level, seed, endedAt }) =>
            html`<tr><th scope="row">${player}</th><td>${score}</td><td>${level}</td><td>${seed}</td><td>${timeOfDay(Date.parse(endedAt)).slice(0, 5)}</td></tr>`,
        )}</tbody>
      </table></div>`
      }
    </section>
  `
}

function OnCall({ answer, refresh, onReveal }) {
  const { drill } = answer
  const { run, isBusy, problem } = useDoing()
  const hint = () =>
    run(async () => {
      await sendJson('/api/drills/current/hint')
      await refresh()
    })
  const reveal = () =>
    run(async () => {
      onReveal(await sendJson('/api/drills/current/reveal'))
      await refresh()
    })
  if (drill.state !== 'paged') return html`<${Waiting} drill=${drill} onEnd=${reveal} />`
  return html`
    <${Pager} answer=${answer} />
    <div class="two">
      <${AnswerForm} drill=${drill} refresh=${refresh} />
      <div class="stack">
        <${Fixes} drill=${drill} refresh=${refresh} />
        <section class="card padded" aria-labelledby="hints">
          <h2 id="hints">Hints</h2>
          <ol class="says">${drill.hints.map((text) => html`<li>${text}</li>`)}</ol>
          ${drill.hintsLeft > 0 ? html`<button disabled=${isBusy} onClick=${hint}>A hint, for 8 points (${drill.hintsLeft} left)</button>` : html`<p class="muted">There are no more.</p>`}
        </section>
        <section class="card padded" aria-labelledby="end">
          <h2 id="end">What it was</h2>
          <p class="muted">Ends the drill, and makes everything calm. Your best answer so far is worth ${drill.score} of 100.</p>
          <button disabled=${isBusy} onClick=${reveal}>Reveal it</button>
          <p class="is-error" role="alert">${problem}</p>
        </section>
      </div>
    </div>
  `
}

function Waiting({ drill, onEnd }) {
  return html`
    <section class="card padded">
      <h2>You are on call, ${drill.player}</h2>
      <p role="status">${drill.state === 'failed' ? drill.says : 'Nobody has been paged yet. That takes a minute at most.'}</p>
      ${drill.state === 'waiting' && html`<p class="muted">${drill.checkouts} checkouts so far.</p>`}
      <p><button onClick=${onEnd}>${drill.state === 'failed' ? 'Go back' : 'Give up'}</button></p>
    </section>
  `
}

function Pager({ answer: { drill, live, look, sloMs, errorBudget } }) {
  const share = drill.checkouts === 0 ? 0 : drill.slow / drill.checkouts
  const says = share > errorBudget ? 'Checkout is burning its error budget' : 'A customer says that checkout is slow'
  const lately = live?.lately
  // The second line changes all the time: whoever has it read aloud hears the first one alone.
  return html`
    <section class="pager" aria-label="Pager">
      <p role="alert"><strong>${says}:</strong> ${percent(share)} of ${drill.checkouts} checkouts over ${sloMs} ms since ${timeOfDay(Date.parse(drill.startedAt))}. At most ${percent(errorBudget)} may be.</p>
      <p class="muted">${lately?.checkouts > 0 ? `In the last seconds ${percent(lately.slow / lately.checkouts)} of ${lately.checkouts}. ` : ''}<a href=${fromHere(look.url)} target="look">Look in ${look.name}</a></p>
    </section>
  `
}

function Fixes({ drill, refresh }) {
  const { run, isBusy, problem } = useDoing()
  const { fixes, shipped } = drill
  const ship = (fix) =>
    run(async () => {
      await sendJson('/api/drills/current/fix', { fix })
      await refresh()
    })
  return html`
    <section class="card padded" aria-labelledby="fixes">
      <h2 id="fixes">Ship a fix</h2>
      <p class="muted">For real: it is set in the shop, and what comes of it is measured. One that does not help costs as much as a wrong answer.</p>
      <ol class="fixes">
        ${fixes.map(
          (text, i) => html`<li>
          <span>${i + 1}. ${text}</span>
          <button disabled=${isBusy || shipped?.state === 'watching'} aria-label=${`Ship fix ${i + 1}`} onClick=${() => ship(i + 1)}>Ship</button>
        </li>`,
        )}
      </ol>
      <div role="status">${shipped && html`<p class=${shipped.state === 'recovered' ? 'is-good' : shipped.state === 'still slow' ? 'is-error' : ''}>${shippedSays(shipped)}</p>`}</div>
      ${shipped?.since !== undefined && html`<p class="muted">${percent(shipped.since)} of ${shipped.checkouts} are slow since, ${percent(shipped.beforehand)} were before.</p>`}
      <p class="is-error" role="alert">${problem}</p>
    </section>
  `
}

function shippedSays({ fix, state }) {
  if (state === 'watching') return `Fix ${fix} is shipped: watching for half a minute.`
  return `Fix ${fix}: ${state === 'recovered' ? 'recovered.' : 'still slow.'}`
}
