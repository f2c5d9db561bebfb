// Which lines come how often, apart from their numbers: a click shows only those.
import { colourOf, count } from './format.js'
import { html, useState } from './html.js'

const few = 8

export function LogPatterns({ found, chosen, onChoose }) {
  const [isAll, setAll] = useState(false)
  const { patterns, patternCount, counted } = found
  const listed = isAll ? patterns : patterns.slice(0, few)
  const isBeyond = chosen !== '' && !listed.some(({ says }) => says === chosen)
  const own = isBeyond ? patterns.filter(({ says }) => says === chosen) : []
  const most = patterns[0]?.count ?? 1
  return html`
    <section class="card log-patterns" aria-labelledby="patterns-title">
      <div class="log-patterns-head">
        <h2 id="patterns-title">${count(patternCount, 'pattern')} in ${count(counted, 'line')}</h2>
        ${chosen !== '' && html`<button onClick=${() => onChoose('')} title="All patterns again (x)">All again</button>`}
      </div>
      <ol>
        ${[...own, ...listed].map((pattern) => html`<li key=${pattern.says}><${Pattern} pattern=${pattern} most=${most} isChosen=${chosen !== '' && pattern.says === chosen} onChoose=${onChoose} /></li>`)}
      </ol>
      ${patterns.length > few && html`<button class="log-patterns-all" aria-expanded=${isAll} onClick=${() => setAll(!isAll)}>${isAll ? `Only the ${few} most frequent` : patternCount > patterns.length ? `The ${patterns.length} most frequent` : `All ${patternCount}`}</button>`}
    </section>
  `
}

function Pattern({ pattern, most, isChosen, onChoose }) {
  const { says, services, severity } = pattern
  const inTraces = Math.floor((pattern.withTrace / pattern.count) * 100)
  return html`
    <button class=${`log-pattern level-${severity}`} aria-pressed=${isChosen} disabled=${says === ''} onClick=${() => onChoose(isChosen ? '' : says)}>
      <span class="log-pattern-says">${says === '' ? '(empty)' : says}</span>
      <span class="log-pattern-bar" aria-hidden="true"><i style=${{ width: `${(pattern.count / most) * 100}%` }}></i></span>
      <span class="log-pattern-facts">
        <span class="mono log-pattern-count">${pattern.count.toLocaleString('en')} ×</span>
        <span>${inTraces} % in a trace</span>
        ${severity !== 'info' && html`<span class="level">${severity}</span>`}
        ${services.map((name) => html`<span class="service" style=${{ '--svc': colourOf(name) }}>${name}</span>`)}
      </span>
    </button>
  `
}
