// The answer: a closed vocabulary, and evidence that is looked up.
import { sendJson } from './api.js'
import { html } from './html.js'
import { useKept } from './kept.js'
import { useDoing, useOnce } from './now.js'

const empty = {
  components: [],
  mechanism: '',
  tells: 'attribute',
  key: '',
  value: '',
  onset: '',
  fix: '',
  trace: '',
  metric: '',
  service: '',
  contains: '',
}
const nothings = { time: 'nothing: it is when', place: 'nothing: it is where', load: 'nothing: it is how many at once' }
const services = ['api', 'inventory', 'payment', 'pricing', 'postgres']

export function AnswerForm({ drill, refresh }) {
  const words = useOnce('/api/drills/vocabulary')
  const [said, setSaid] = useKept(`said ${drill.startedAt}`, empty)
  const [graded, setGraded] = useKept(`graded ${drill.startedAt}`, undefined)
  const { run, isBusy, problem } = useDoing()
  const set = (name) => (event) => setSaid({ ...said, [name]: event.currentTarget.value })
  const toggle = (name) => () =>
    setSaid({
      ...said,
      components: said.components.includes(name)
        ? said.components.filter((one) => one !== name)
        : [...said.components, name],
    })
  const submit = (event) => {
    event.preventDefault()
    void run(async () => {
      setGraded(await sendJson('/api/drills/current/answer', answerFrom(said)))
      await refresh()
    })
  }
  if (words === undefined) return html`<div class="skeleton"><div></div></div>`
  return html`
    <form class="card padded form" onSubmit=${submit} aria-labelledby="answer">
      <h2 id="answer">Your answer</h2>
      <fieldset>
        <legend>Who (several share the points)</legend>
        <div class="choices">${words.components.map(
          (name) =>
            html`<label class="check"><input type="checkbox" name="component" value=${name} checked=${said.components.includes(name)} onChange=${toggle(name)} />${name === 'none' ? 'nobody' : name}</label>`,
        )}</div>
      </fieldset>
      <label class="field"><span>How it comes about</span>
        <select id="mechanism" required value=${said.mechanism} onChange=${set('mechanism')}>
          <option value=""></option>
          ${words.mechanisms.map(({ id, says }) => html`<option value=${id} selected=${id === said.mechanism}>${says}</option>`)}
        </select>
      </label>
      <fieldset>
        <legend>What slow ones have in common</legend>
        <label class="field"><span>It is</span>
          <select id="tells" value=${said.tells} onChange=${set('tells')}>
            <option value="attribute">an attribute</option>
            ${Object.entries(nothings).map(([id, says]) => html`<option value=${id} selected=${id === said.tells}>${says}</option>`)}
          </select>
        </label>
        <label class="field"><span>Attribute</span><input id="key" placeholder="shop.tier" disabled=${said.tells !== 'attribute'} value=${said.key} onInput=${set('key')} /></label>
        <label class="field"><span>Value (empty: whichever)</span><input id="value" disabled=${said.tells !== 'attribute'} value=${said.value} onInput=${set('value')} /></label>
      </fieldset>
      <label class="field"><span>When it began</span><input id="onset" type="datetime-local" step="1" value=${said.onset} onInput=${set('onset')} /></label>
      <label class="field"><span>What would end it</span>
        <select id="fix" value=${said.fix} onChange=${set('fix')}><option value=""></option>${drill.fixes.map((text, i) => html`<option value=${i + 1} selected=${String(i + 1) === said.fix}>${i + 1}. ${text}</option>`)}</select>
      </label>
      <fieldset>
        <legend>Show it</legend>
        <label class="field wide"><span>A slow checkout: trace id, or its address</span><input id="trace" value=${said.trace} onInput=${set('trace')} /></label>
        <label class="field wide"><span>A metric that moved</span><input id="metric" placeholder='shop.db.pool.waiting{service.name="inventory"}' value=${said.metric} onInput=${set('metric')} /></label>
        <label class="field"><span>Log lines of</span>
          <select id="log-service" value=${said.service} onChange=${set('service')}><option value=""></option>${services.map((name) => html`<option value=${name} selected=${name === said.service}>${name}</option>`)}</select>
        </label>
        <label class="field"><span>that contain</span><input id="log-text" disabled=${said.service === ''} value=${said.contains} onInput=${set('contains')} /></label>
      </fieldset>
      <button class="primary" disabled=${isBusy}>${isBusy ? 'Looking up what you have shown…' : 'Answer'}</button>
      <p class="is-error" role="alert">${problem}</p>
      <div aria-live="polite">${graded && html`<${Graded} graded=${graded} />`}</div>
    </form>
  `
}

/** What was left out is not sent; all else the workshop judges. */
function answerFrom({ components, mechanism, tells, key, value, onset, fix, trace, metric, service, contains }) {
  const given = (text) => text.trim() !== ''
  const attribute = { key: key.trim(), ...(given(value) ? { value: value.trim() } : {}) }
  return {
    components,
    mechanism,
    ...(tells !== 'attribute' ? { discriminator: { nothing: tells } } : given(key) ? { discriminator: attribute } : {}),
    ...(given(onset) ? { onset: new Date(onset).toISOString() } : {}),
    ...(given(fix) ? { fix: Number(fix) } : {}),
    evidence: {
      ...(given(trace) ? { trace: /[0-9a-f]{32}/.exec(trace)?.[0] ?? trace.trim() } : {}),
      ...(given(metric) ? { metric: metric.trim() } : {}),
      ...(given(service) ? { log: { service, contains } } : {}),
    },
  }
}

const Graded = ({ graded: { marks, score, isRight } }) => html`
  <section aria-label="Marks">
    <p><strong class=${isRight ? 'is-good' : 'is-error'}>${isRight ? 'That is it.' : 'That is not it yet.'}</strong> ${score} of 100 points.</p>
    <${Marks} marks=${marks} />
  </section>
`

export const Marks = ({ marks }) => html`
  <div class="scrolls"><table class="feel marks">
    <thead><tr><th scope="col">part</th><th scope="col">points</th><th scope="col" class="text">because</th></tr></thead>
    <tbody>${marks.map(({ part, points, of, says }) => html`<tr><th scope="row">${part}</th><td class=${points === of ? 'is-good' : points === 0 ? 'is-error' : ''}>${points} of ${of}</td><td class="text">${says}</td></tr>`)}</tbody>
  </table></div>
`
