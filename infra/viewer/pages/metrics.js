// A service's metrics, its instances side by side: requests, what they wait for, and the process itself.
import { getJson } from './api.js'
import { clock, dayAndTime, duration } from './format.js'
import { Message } from './frame.js'
import { moveFocus, PauseButton, useFresh } from './fresh.js'
import { html, useEffect, useState } from './html.js'
import { useKeys } from './keys.js'
import { Curves } from './metrics-curves.js'
import { Shell } from './shell.js'

const refreshMs = 2000
const longRefreshMs = 10_000
const ranges = [5, 15, 60]
const defaults = { service: 'api', minutes: 5, to: undefined }

/** `to` is there when the page looks at a time that is over, as epoch milliseconds. */
function fromAddress() {
  const given = new URLSearchParams(location.search)
  const minutes = Number(given.get('minutes'))
  const to = Number(given.get('to'))
  return {
    service: given.get('service') || defaults.service,
    minutes: ranges.includes(minutes) ? minutes : defaults.minutes,
    // As late as a Date can be.
    to: to > 0 && to <= 8.64e15 ? to : undefined,
  }
}

function toAddress(view) {
  const set = Object.entries(view).filter(([key, value]) => value !== defaults[key])
  const query = new URLSearchParams(set).toString()
  history.replaceState(null, '', query === '' ? '/metrics' : `/metrics?${query}`)
}

export function MetricsPage() {
  const [view, setView] = useState(fromAddress)
  const [isPaused, setPaused] = useState(false)
  const [told, setTold] = useState('')
  const { found, error } = useMetrics(view, isPaused)
  useEffect(() => {
    document.title = `Metrics of ${view.service} · Slow Sometimes`
  }, [view.service])
  const change = (changes) => {
    const next = { ...view, ...changes }
    toAddress(next)
    setView(next)
    setTold('')
  }
  const openSlowest = async (requests) => {
    try {
      const { traceId, spanId } = await getJson(`/api/slowest-trace?${new URLSearchParams(requests)}`)
      location.assign(`/trace/${traceId}#span=${spanId}`)
    } catch (error) {
      setTold(error.message)
    }
  }
  useKeys({
    j: () => moveFocus('a.slow-request', 1),
    ArrowDown: () => moveFocus('a.slow-request', 1),
    k: () => moveFocus('a.slow-request', -1),
    ArrowUp: () => moveFocus('a.slow-request', -1),
    '/': () => document.getElementById('metrics-service').focus(),
    Escape: () => document.activeElement.blur(),
    r: () => change({ minutes: ranges[(ranges.indexOf(view.minutes) + 1) % ranges.length] }),
    p: () => setPaused(!isPaused),
  })
  const pause = html`<${PauseButton} isPaused=${isPaused} isFailing=${error !== undefined} onToggle=${() => setPaused(!isPaused)} />`
  return html`
    <${Shell} page="metrics" actions=${view.to === undefined && pause}>
      <h1 class="visually-hidden">Metrics of ${view.service}</h1>
      <${Choices} view=${view} services=${found?.services ?? []} onChange=${change} />
      ${error && found && html`<p class="banner" role="alert">${error.message} ${isPaused ? '' : 'Trying again; '}below is what it said last.</p>`}
      <p class="metrics-told" role="status">${told}</p>
      <${Content} found=${found} error=${error} view=${view} onChange=${change} onPick=${openSlowest} />
    <//>
  `
}

/** The answer remembers what it was asked for: until another service's answer is there, its charts must not bear that name. */
function useMetrics(view, isPaused) {
  const load = async (signal) => {
    const to = view.to ?? Date.now()
    const query = new URLSearchParams({ service: view.service, from: to - view.minutes * 60_000, to })
    return { ...(await getJson(`/api/service-metrics?${query}`, signal)), view, fromMs: to - view.minutes * 60_000 }
  }
  // A time that is over stays as it is, and an hour costs the viewer a quarter of a second.
  return useFresh(load, JSON.stringify(view), {
    isPaused: isPaused || view.to !== undefined,
    everyMs: view.minutes === 5 ? refreshMs : longRefreshMs,
  })
}

function Choices({ view, services, onChange }) {
  const names = services.includes(view.service) ? services : [view.service, ...services]
  return html`
    <form class="filters metrics-choices" role="search" aria-label="What to show" onSubmit=${(event) => event.preventDefault()}>
      <label class="field"><span>Service</span>
        <select id="metrics-service" value=${view.service} onChange=${(event) => onChange({ service: event.currentTarget.value })}>
          ${names.map((name) => html`<option key=${name} value=${name} selected=${name === view.service}>${name}</option>`)}
        </select>
      </label>
      ${view.to && html`<p class="metrics-until">until <time class="mono" datetime=${new Date(view.to).toISOString()}>${dayAndTime(view.to)}</time> <button type="button" onClick=${() => onChange({ to: undefined })}>Back to now</button></p>`}
      <div class="segmented" role="group" aria-label="Range">
        ${ranges.map((minutes) => html`<button type="button" aria-pressed=${minutes === view.minutes} onClick=${() => onChange({ minutes })}>${minutes} min</button>`)}
      </div>
    </form>
  `
}

function Content({ found, error, view, onChange, onPick }) {
  if (found === undefined && error === undefined) return html`<${Loading} />`
  if (found === undefined)
    return html`<${Message} title="The metrics cannot be shown" isAlert><p>${error.message}</p><//>`
  if (found.services.length === 0) return html`<${NoMetrics} />`
  if (found.view.service !== view.service) return html`<${Loading} />`
  if (found.instances.length === 0) return html`<${Silent} found=${found} view=${view} onChange=${onChange} />`
  const { fromMs, oldestMs } = found
  return html`
    ${oldestMs > fromMs + 30_000 && html`<p class="muted metrics-kept">Nothing from before <span class="mono">${clock(oldestMs)}</span> is kept of ${view.service}.</p>`}
    <${Curves} found=${found} onPick=${(requests) => onPick({ service: view.service, ...requests })}>
      <${Slowest} requests=${found.slowest} several=${found.instances.length > 1} />
    <//>
  `
}

function Silent({ found, view, onChange }) {
  const { newestMs } = found
  if (newestMs === undefined) {
    return html`<${Message} title=${`No metrics of ${view.service}`}><p>Others have reported: choose one above.</p><//>`
  }
  return html`
    <${Message} title=${`${view.service} said nothing then`}>
      <p>In these ${view.minutes} minutes no two reports of it arrived; it was heard last at <span class="mono">${dayAndTime(newestMs)}</span>.</p>
      <p><button onClick=${() => onChange({ to: newestMs + 1000 })}>Show the minutes before that</button></p>
    <//>
  `
}

const Loading = () => html`
  <div class="skeleton" role="status" aria-label="Loading metrics">${Array.from({ length: 8 }, () => html`<div></div>`)}</div>
`

const NoMetrics = () => html`
  <${Message} title="No metrics yet">
    <p>Start the shop with <code>npm start</code>: its services report every few seconds, and a curve begins with the second report.</p>
    <p>Anything else that speaks OpenTelemetry may report here too:</p>
    <pre><code>OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}</code></pre>
  <//>
`

/** What a click into the chart finds, for those who do not click. */
const Slowest = ({ requests, several }) => html`
  <section class="card metric slowest" aria-labelledby="slowest-title">
    <h2 id="slowest-title">Slowest requests of the slowest moments</h2>
    ${requests.length === 0 && html`<p class="muted">No trace of these minutes is kept.</p>`}
    <ol>
      ${requests.map(
        (request) => html`<li key=${request.spanId}>
          <a class="slow-request" href=${`/trace/${request.traceId}#span=${request.spanId}`}>
            <time class="mono muted" datetime=${new Date(request.startMs).toISOString()}>${clock(request.startMs)}</time>
            <span class="mono took-ms">${duration(request.durationMs)}</span>
            <span class="name">${request.name}</span>
            ${several && html`<span class="muted on">${request.instance}</span>`}
          </a>
        </li>`,
      )}
    </ol>
  </section>
`
