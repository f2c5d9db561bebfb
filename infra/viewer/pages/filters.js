// The filter bar. Its state lives in the address, so that a filtered list can be shared and survives "back".
import { html } from './html.js'
import { addressOf, stretch } from './region.js'

export const emptyFilters = {
  service: '',
  route: '',
  minDurationMs: '',
  from: '',
  to: '',
  errors: false,
  sort: 'newest',
}

export function fromAddress() {
  const given = new URLSearchParams(location.search)
  return {
    service: given.get('service') ?? '',
    route: given.get('route') ?? '',
    minDurationMs: given.get('minDurationMs') ?? '',
    from: epochIn(given.get('from')),
    to: epochIn(given.get('to')),
    errors: given.get('errors') === 'true',
    sort: given.get('sort') === 'slowest' ? 'slowest' : 'newest',
  }
}

/** Epoch ms as text, or nothing when it is none: a time that cannot be shown cannot be taken away either. */
const epochIn = (text) => (text !== null && text !== '' && Number(text) >= 0 ? text : '')

/** `region` is what is drawn over the dots, if anything is. */
export function toAddress(filters, region) {
  const query = [queryOf(filters), new URLSearchParams(addressOf(region))].map(String).filter(Boolean).join('&')
  history.replaceState(null, '', query === '' ? '/' : `/?${query}`)
}

/** Only what differs from the default. */
export function queryOf(filters) {
  const set = Object.entries(filters).filter(([key, value]) => value !== emptyFilters[key])
  return new URLSearchParams(set).toString()
}

export function Filters({ filters, routes, services, onChange }) {
  const names = services.includes(filters.service) || filters.service === '' ? services : [filters.service, ...services]
  const paths = routes.includes(filters.route) || filters.route === '' ? routes : [filters.route, ...routes]
  const set = (name) => (event) => onChange({ [name]: event.currentTarget.value.trim() })
  return html`
    <form class="filters" role="search" aria-label="Filter traces" onSubmit=${(event) => event.preventDefault()}>
      <label class="field wide"><span>Route</span>
        <select id="filter-route" value=${filters.route} onChange=${set('route')}>
          <option value="">All routes</option>
          ${paths.map((path) => html`<option key=${path} value=${path} selected=${path === filters.route}>${path}</option>`)}
        </select>
      </label>
      <label class="field"><span>Service</span>
        <select id="filter-service" value=${filters.service} onChange=${set('service')}>
          <option value="">All services</option>
          ${names.map((name) => html`<option key=${name} value=${name} selected=${name === filters.service}>${name}</option>`)}
        </select>
      </label>
      <label class="field narrow"><span>Min ms</span>
        <input id="filter-min" type="number" min="0" step="any" inputmode="numeric" placeholder="0" value=${filters.minDurationMs} onInput=${set('minDurationMs')} />
      </label>
      <${TimeChip} filters=${filters} onChange=${onChange} />
      <label class="check"><input id="filter-errors" type="checkbox" checked=${filters.errors} onChange=${(event) => onChange({ errors: event.currentTarget.checked })} />Errors only</label>
      <div class="segmented" role="group" aria-label="Order">
        ${['newest', 'slowest'].map(
          (sort) =>
            html`<button type="button" aria-pressed=${filters.sort === sort} onClick=${() => onChange({ sort })}>${sort === 'newest' ? 'Newest' : 'Slowest'}</button>`,
        )}
      </div>
    </form>
  `
}

/** A stretch of time comes from elsewhere (a link, a region): here it is shown and taken away. */
function TimeChip({ filters, onChange }) {
  const [from, to] = [filters.from, filters.to].map((text) => (text === '' ? undefined : Number(text)))
  if (from === undefined && to === undefined) return null
  const says = stretch(from, to).replace(/^from /, '')
  return html`<button type="button" class="chip" onClick=${() => onChange({ from: '', to: '' })} aria-label=${`Only ${stretch(from, to)}: show all times`} title="Show all times">
    ${says}<span aria-hidden="true"> ✕</span>
  </button>`
}
