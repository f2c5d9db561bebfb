// The trace list: what came in lately, newest or slowest first, kept fresh until somebody pauses it.
import { getJson } from './api.js'
import { Differences } from './differences.js'
import { emptyFilters, Filters, fromAddress, queryOf, toAddress } from './filters.js'
import { count } from './format.js'
import { Message } from './frame.js'
import { moveFocus, PauseButton, useFresh } from './fresh.js'
import { html, useState } from './html.js'
import { KeepMenu } from './keep.js'
import { useKeys } from './keys.js'
import { Scatter } from './scatter.js'
import { Shell } from './shell.js'
import { TraceRows } from './trace-rows.js'
import { useRegion } from './use-region.js'

const refreshMs = 1000
const shownMost = 200

export function ListPage() {
  const [filters, setFilters] = useState(fromAddress)
  const [isPaused, setPaused] = useState(false)
  const [changes, setChanges] = useState(0)
  const { found, services, error } = useTraces(filters, isPaused, changes)
  const { region, select, clear } = useRegion(filters, setFilters)
  const change = (changes) => {
    const next = { ...filters, ...changes }
    toAddress(next, region)
    setFilters(next)
  }
  const compareSlow = () => select({ minMs: found.sloMs })
  useKeys({
    j: () => moveFocus('a.trace', 1),
    ArrowDown: () => moveFocus('a.trace', 1),
    k: () => moveFocus('a.trace', -1),
    ArrowUp: () => moveFocus('a.trace', -1),
    '/': () => document.getElementById('filter-route').focus(),
    Escape: () => (region === undefined || isTyping() ? document.activeElement.blur() : clear()),
    c: () => (found?.slow > 0 ? compareSlow() : false),
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
      ${error && found && html`<p class="banner" role="alert">${error.message} ${isPaused ? '' : 'Trying again every second; '}below is what it said last.</p>`}
      <${Content} found=${found} error=${error} filters=${filters} region=${region} onSelect=${select} onClear=${clear} onCompareSlow=${compareSlow} onReset=${() => change(emptyFilters)} />
    <//>
  `
}

function Content({ found, error, filters, region, onSelect, onClear, onCompareSlow, onReset }) {
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
        ${slow > 0 && html`<button class="compare-slow" onClick=${onCompareSlow} title="Those over ${sloMs} ms against the others (c)">Compare slow with fast</button>`}
      </p>
      <${Scatter} traces=${traces} sloMs=${sloMs} region=${region} onSelect=${onSelect} />
      ${region === undefined && html`<p class="hint-line faint" aria-hidden="true">Draw a box over the dots to see what they have that the others lack.</p>`}
    </section>
    ${region && html`<${Differences} region=${region} filters=${filters} onClear=${onClear} />`}
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

const isTyping = () => document.activeElement.matches('input, select')

/** What there is can change by other means than time: `changes` counts that. */
function useTraces(filters, isPaused, changes) {
  const query = queryOf(filters)
  const load = async (signal) => {
    const [traces, { services }] = await Promise.all([
      getJson(`/api/traces?limit=${shownMost}&${query}`, signal),
      getJson('/api/services', signal),
    ])
    return { traces, services: services.map(({ name }) => name) }
  }
  const { found, error } = useFresh(load, `${query} ${changes}`, { isPaused, everyMs: refreshMs })
  return { found: found?.traces, services: found?.services ?? [], error }
}
