// The trace list: what came in lately, newest or slowest first, kept fresh until somebody pauses it.
import { getJson } from './api.js'
import { emptyFilters, Filters, fromAddress, queryOf, toAddress } from './filters.js'
import { count } from './format.js'
import { Message } from './frame.js'
import { html, useEffect, useRef, useState } from './html.js'
import { KeepMenu } from './keep.js'
import { useKeys } from './keys.js'
import { Scatter } from './scatter.js'
import { Shell } from './shell.js'
import { TraceRows } from './trace-rows.js'

const refreshMs = 1000
const shownMost = 200

export function ListPage() {
  const [filters, setFilters] = useState(fromAddress)
  const [isPaused, setPaused] = useState(false)
  const [changes, setChanges] = useState(0)
  const { found, services, error } = useTraces(filters, isPaused, changes)
  const change = (changes) => {
    const next = { ...filters, ...changes }
    toAddress(next)
    setFilters(next)
  }
  useKeys({
    j: () => moveFocus(1),
    ArrowDown: () => moveFocus(1),
    k: () => moveFocus(-1),
    ArrowUp: () => moveFocus(-1),
    '/': () => document.getElementById('filter-route').focus(),
    Escape: () => document.activeElement.blur(),
    s: () => change({ sort: filters.sort === 'newest' ? 'slowest' : 'newest' }),
    e: () => change({ errors: !filters.errors }),
    p: () => setPaused(!isPaused),
  })
  const actions = html`
    <${PauseButton} isPaused=${isPaused} isFailing=${error !== undefined} onToggle=${() => setPaused(!isPaused)} />
    <${KeepMenu} onChanged=${() => setChanges(changes + 1)} />
  `
  return html`
    <${Shell} page="list" actions=${actions}>
      <h1 class="visually-hidden">Traces</h1>
      <${Filters} filters=${filters} routes=${found?.routes ?? []} services=${services} onChange=${change} />
      ${error && found && html`<p class="banner" role="alert">${error.message} Trying again every second; below is what it said last.</p>`}
      <${Content} found=${found} error=${error} filters=${filters} onReset=${() => change(emptyFilters)} />
    <//>
  `
}

function Content({ found, error, filters, onReset }) {
  if (found === undefined && error === undefined) return html`<${Loading} />`
  if (found === undefined) return html`<${Message} title="The list cannot be shown" isAlert><p>${error.message}</p><//>`
  if (found.routes.length === 0) return html`<${NoTraces} />`
  if (found.total === 0) {
    return html`<${Message} title="No trace matches these filters">
      <p><button onClick=${onReset}>Clear the filters</button></p>
    <//>`
  }
  const { traces, total, slow, withErrors, sloMs } = found
  return html`
    <section class="overview" aria-label="Overview">
      <p class="counts" aria-live="off">
        <strong>${count(total, 'trace')}</strong>
        <span class=${slow > 0 ? 'is-slow' : ''}>${slow.toLocaleString('en')} over ${sloMs} ms</span>
        <span class=${withErrors > 0 ? 'is-error' : ''}>${withErrors.toLocaleString('en')} with errors</span>
        ${total > traces.length && html`<span class="muted">the ${filters.sort} ${traces.length} are shown</span>`}
      </p>
      <${Scatter} traces=${traces} sloMs=${sloMs} />
    </section>
    <${TraceRows} traces=${traces} sloMs=${sloMs} />
  `
}

const Loading = () => html`
  <div class="skeleton" role="status" aria-label="Loading traces">${Array.from({ length: 8 }, () => html`<div></div>`)}</div>
`

const NoTraces = () => html`
  <${Message} title="No traces yet">
    <p>Start traffic: <code>npm start</code> runs the shop with ten checkouts a second, and the first one shows up here within seconds.</p>
    <p>Anything else that speaks OpenTelemetry may report here too:</p>
    <pre><code>OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}</code></pre>
  <//>
`

function PauseButton({ isPaused, isFailing, onToggle }) {
  const state = isFailing ? 'failing' : isPaused ? 'paused' : 'live'
  const text = { failing: 'No answer', paused: 'Paused', live: 'Live' }[state]
  return html`<button class="live" data-state=${state} aria-pressed=${isPaused} onClick=${onToggle} title="Pause or go on (p)">
    <span class="dot" aria-hidden="true"></span>${text}<span class="visually-hidden">: ${isPaused ? 'go on' : 'pause'} refreshing</span>
  </button>`
}

/** Loads on every change of the filters, or of what there is, then again and again until paused. A hidden tab asks for nothing. */
function useTraces(filters, isPaused, changes) {
  const [state, setState] = useState({ services: [] })
  const query = queryOf(filters)
  const shownQuery = useRef()
  useEffect(() => {
    const abort = new AbortController()
    const asked = `${query} ${changes}`
    const load = async () => {
      if (document.hidden) return
      try {
        const [found, { services }] = await Promise.all([
          getJson(`/api/traces?limit=${shownMost}&${query}`, abort.signal),
          getJson('/api/services', abort.signal),
        ])
        shownQuery.current = asked
        setState({ found, services: services.map(({ name }) => name) })
      } catch (error) {
        if (error.name !== 'AbortError') setState((before) => ({ ...before, error }))
      }
    }
    if (!isPaused || shownQuery.current !== asked) void load()
    const timer = isPaused ? undefined : setInterval(load, refreshMs)
    return () => {
      abort.abort()
      clearInterval(timer)
    }
  }, [query, isPaused, changes])
  return state
}

function moveFocus(step) {
  const rows = [...document.querySelectorAll('a.trace')]
  const at = rows.indexOf(document.activeElement)
  const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))]
  next?.focus()
}
