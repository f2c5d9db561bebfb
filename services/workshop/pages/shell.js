// The console's pages in the frame that all pages share, and what is always at hand: where to look, and the reset.
import { sendJson } from './api.js'
import { fromHere } from './format.js'
import { Frame } from './frame.js'
import { html, useEffect } from './html.js'
import { useKeys } from './keys.js'

const links = [
  { id: 'incidents', href: '/', text: 'Incidents' },
  { id: 'faults', href: '/faults', text: 'Faults' },
  { id: 'shop', href: '/shop', text: 'Shop' },
  { id: 'drill', href: '/drill', text: 'Drill' },
]

const keys = [
  ['1 to 4', 'incidents, faults, shop, drill'],
  ['l', 'look: the viewer, or Grafana'],
  ['w', 'why are some checkouts slow?'],
  ['r', 'reset everything'],
]

/** `now` is what `useNow` gives. */
export function Shell({ page, now, children }) {
  const { answer, error, refresh } = now
  const reset = async () => {
    if (!confirm('Stop what is going on, and make everything calm?')) return
    await sendJson('/api/reset').catch((failed) => alert(failed.message))
    refresh()
  }
  const look = answer?.look
  // In a drill it keeps silent.
  const mayAskWhy = answer?.drill === null
  useEffect(() => {
    document.title = `${links.find(({ id }) => id === page).text} · Slow Sometimes`
  }, [page])
  useKeys({
    ...Object.fromEntries(links.map(({ href }, i) => [String(i + 1), () => location.assign(href)])),
    l: () => look && window.open(fromHere(look.url), 'look'),
    w: () => mayAskWhy && location.assign('/why'),
    r: reset,
  })
  const actions = html`
    ${look && html`<a class="button" href=${fromHere(look.url)} target="look">Look: ${look.name}</a>`}
    ${mayAskWhy && html`<a class="button wide-only" href="/why">Why?</a>`}
    <button onClick=${reset}>Reset</button>
  `
  return html`
    <${Frame} links=${links} page=${page} keys=${keys} actions=${actions}>
      ${error && html`<p class="banner" role="alert">${error.message} Trying again every second.</p>`}
      ${children}
    <//>
  `
}
