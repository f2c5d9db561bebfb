// The service map: who calls whom, how often, how long that takes and how often it fails, as a picture and as a table.
import { getJson } from './api.js'
import { count, dayAndTime, duration } from './format.js'
import { Message } from './frame.js'
import { moveFocus, PauseButton, useFresh } from './fresh.js'
import { html, useState } from './html.js'
import { useKeys } from './keys.js'
import { MapPicture } from './map-picture.js'
import { MapTable } from './map-table.js'
import { Shell } from './shell.js'

const refreshMs = 5_000
const choices = [1, 5, 15]

export function MapPage() {
  const [asked, setAsked] = useState(fromAddress)
  const [isPaused, setPaused] = useState(false)
  const { map, error, again } = useMap(asked, isPaused)
  const choose = (minutes) => {
    const next = { ...asked, minutes }
    toAddress(next)
    setAsked(next)
  }
  const move = (step) => moveFocus('.map-table a', step)
  useKeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    m: () => choose(choices[(choices.indexOf(asked.minutes) + 1) % choices.length]),
    p: () => setPaused(!isPaused),
    Escape: () => document.activeElement.blur(),
  })
  const pause = html`<${PauseButton} isPaused=${isPaused} isFailing=${error !== undefined} onToggle=${() => setPaused(!isPaused)} />`
  return html`
    <${Shell} page="map" actions=${asked.to === undefined && pause}>
      <div class="map-head">
        <h1>Service map</h1>
        <div class="segmented" role="group" aria-label="Stretch of time">
          ${choices.map((minutes) => html`<button aria-pressed=${asked.minutes === minutes} onClick=${() => choose(minutes)}>${minutes} min</button>`)}
        </div>
      </div>
      ${error && map && html`<p class="banner" role="alert">${error.message} ${isPaused || asked.to !== undefined ? html`<button onClick=${again}>Try again</button> ` : 'Trying again every five seconds; '}below is what it said last.</p>`}
      ${error && !map && html`<${Message} title="The map cannot be shown" isAlert><p>${error.message}</p><p><button onClick=${again}>Try again</button></p><//>`}
      ${!error && !map && html`<div class="skeleton" role="status" aria-label="Loading the map">${Array.from({ length: 8 }, () => html`<div></div>`)}</div>`}
      ${map && html`<${Content} map=${map} asked=${asked} />`}
    <//>
  `
}

function Content({ map, asked }) {
  if (map.nodes.length === 0) return html`<${Nothing} map=${map} asked=${asked} />`
  return html`
    <p class="map-about muted">
      ${count(map.traces, 'trace')} from ${dayAndTime(map.fromMs)} to ${dayAndTime(map.toMs)}.
      ${map.total > map.traces && html` The newest ${map.traces.toLocaleString('en')} of ${map.total.toLocaleString('en')} are counted.`}
      ${' '}Every call is as its caller saw it; ▲ marks a p99 over ${duration(map.sloMs)}.
    </p>
    <${MapPicture} map=${map} />
    <${MapTable} map=${map} />
  `
}

/** What is here may be from earlier: a bundle that was opened, or traffic that has ended. */
function Nothing({ map, asked }) {
  const until = map.newestMs === undefined ? undefined : Math.floor(map.newestMs) + 1
  return html`<${Message} title=${`No traces ${asked.to === undefined ? `in the last ${count(asked.minutes, 'minute')}` : 'in this stretch of time'}`}>
    ${until === undefined ? html`<p>Start traffic: <code>npm start</code> runs the shop with ten checkouts a second.</p>` : html`<p>The newest one began at ${dayAndTime(until)} on ${new Date(until).toLocaleDateString('en-CA')}.</p><p><a href=${`/map?minutes=${asked.minutes}&to=${until}`}>Show the ${count(asked.minutes, 'minute')} up to it</a></p>`}
  <//>`
}

/** `to` is absent for a window that ends now. */
function fromAddress() {
  const given = new URLSearchParams(location.search)
  const minutes = Number(given.get('minutes'))
  const to = Number(given.get('to') ?? Number.NaN)
  return { minutes: choices.includes(minutes) ? minutes : 5, to: Number.isFinite(to) ? to : undefined }
}

function toAddress({ minutes, to }) {
  history.replaceState(null, '', `/map?minutes=${minutes}${to === undefined ? '' : `&to=${to}`}`)
}

/** A stretch that is over is asked for once. */
function useMap({ minutes, to }, isPaused) {
  const [tries, setTries] = useState(0)
  const load = (signal) => {
    const end = to ?? Date.now()
    return getJson(`/api/map?from=${end - minutes * 60_000}&to=${end}`, signal)
  }
  const isStill = isPaused || to !== undefined
  const { found, error } = useFresh(load, `${minutes} ${to} ${tries}`, { isPaused: isStill, everyMs: refreshMs })
  return { map: found, error, again: () => setTries(tries + 1) }
}
