// The filter bar. Its state lives in the address, so that a filtered list can be shared and survives "back".
import { html } from './html.js'

export const emptyFilters = { service: '', route: '', minDurationMs: '', errors: false, sort: 'newest' }

export function fromAddress() {
  const given = new URLSearchParams(location.search)
  return {
    service: given.get('service') ?? '',
    route: given.get('route') ?? '',
    minDurationMs: given.get('minDurationMs') ?? '',
    errors: given.get('errors') === 'true',
    sort: given.get('sort') === 'slowest' ? 'slowest' : 'newest',
  }
}

export function toAddress(filters) {
  const query = queryOf(filters)
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
