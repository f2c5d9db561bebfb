// What was logged lately: its patterns, most frequent first, and the newest lines, each with the way to its trace.
import { getJson } from './api.js'
import { count } from './format.js'
import { Message } from './frame.js'
import { moveFocus, PauseButton, useFresh } from './fresh.js'
import { html, useEffect, useState } from './html.js'
import { useKeys } from './keys.js'
import { LogFilters } from './log-filters.js'
import { LogLines } from './log-lines.js'
import { LogPatterns } from './log-patterns.js'
import { Shell } from './shell.js'

const refreshMs = 2000
/** As many lines as are drawn at once; 1000 are asked for when somebody wants more. */
const few = 200
const most = 1000

const empty = { service: '', minSeverity: '', text: '', pattern: '' }

function fromAddress() {
  const given = new URLSearchParams(location.search)
  return Object.fromEntries(Object.keys(empty).map((key) => [key, given.get(key) ?? '']))
}

/** Only what is set. */
const queryOf = (filters) => new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== '')).toString()

export function LogsPage() {
  const [filters, setFilters] = useState(fromAddress)
  const [limit, setLimit] = useState(few)
  const [isPaused, setPaused] = useState(false)
  const query = queryOf(filters)
  const load = (signal) => getJson(`/api/log-patterns?limit=${limit}&${query}`, signal)
  const { found, error } = useFresh(load, `${limit} ${query}`, { isPaused, everyMs: refreshMs })
  useEffect(() => {
    document.title = 'Logs · Slow Sometimes'
  }, [])
  const change = (changes) => {
    const next = { ...filters, ...changes }
    const query = queryOf(next)
    history.replaceState(null, '', query === '' ? '/logs' : `/logs?${query}`)
    setFilters(next)
  }
  useKeys({
    j: () => moveFocus('.line-head', 1),
    ArrowDown: () => moveFocus('.line-head', 1),
    k: () => moveFocus('.line-head', -1),
    ArrowUp: () => moveFocus('.line-head', -1),
    t: () => document.activeElement.closest('.line')?.querySelector('a.line-trace')?.click(),
    '/': () => document.getElementById('log-text').focus(),
    Escape: () => document.activeElement.blur(),
    x: () => change({ pattern: '' }),
    p: () => setPaused(!isPaused),
  })
  const pause = html`<${PauseButton} isPaused=${isPaused} isFailing=${error !== undefined} onToggle=${() => setPaused(!isPaused)} />`
  return html`
    <${Shell} page="logs" actions=${pause}>
      <h1 class="visually-hidden">Logs</h1>
      <${LogFilters} filters=${filters} services=${found?.services ?? []} onChange=${change} />
      ${error && found && html`<p class="banner" role="alert">${error.message} ${isPaused ? '' : 'Trying again every two seconds; '}below is what it said last.</p>`}
      <${Content} found=${found} error=${error} filters=${filters} limit=${limit} onChange=${change} onMore=${() => setLimit(most)} onOpen=${() => setPaused(true)} />
    <//>
  `
}

function Content({ found, error, filters, limit, onChange, onMore, onOpen }) {
  if (found === undefined && error === undefined) return html`<${Loading} />`
  if (found === undefined) return html`<${Message} title="The log cannot be shown" isAlert><p>${error.message}</p><//>`
  if (found.kept === 0) return html`<${NoLines} />`
  if (found.total === 0) {
    return html`<${Message} title="No line matches these filters"><p><button onClick=${() => onChange(empty)}>Clear the filters</button></p><//>`
  }
  const { counted, isCut, total, lines } = found
  const isShort = lines.length < total && limit < most
  return html`
    <div class="log-page">
      <${LogPatterns} found=${found} chosen=${filters.pattern} onChoose=${(pattern) => onChange({ pattern })} />
      <section class="log-found" aria-label="Lines">
        <p class="counts">
          <strong>${count(total, 'line')}</strong>
          ${total > lines.length && html`<span class="muted">the newest ${lines.length.toLocaleString('en')} are shown</span>`}
          ${isCut && html`<span class="muted">among the newest ${counted.toLocaleString('en')}; older ones are not looked at</span>`}
        </p>
        <${LogLines} lines=${lines} onOpen=${onOpen} />
        ${isShort && html`<p class="log-more"><button onClick=${onMore}>Show up to ${most.toLocaleString('en')}</button></p>`}
      </section>
    </div>
  `
}

const Loading = () => html`
  <div class="skeleton" role="status" aria-label="Loading the log">${Array.from({ length: 8 }, () => html`<div></div>`)}</div>
`

const NoLines = () => html`
  <${Message} title="Nothing logged yet">
    <p>Start traffic: <code>npm start</code> runs the shop with ten checkouts a second, and their lines show up here within seconds.</p>
    <p>Anything else that speaks OpenTelemetry may report here too:</p>
    <pre><code>OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}</code></pre>
  <//>
`
