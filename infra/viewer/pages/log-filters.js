// The filter bar of the log. Its state lives in the address.
import { html } from './html.js'

/** As the lines' severities; each stands for itself and all that are worse. */
const severities = ['debug', 'info', 'warn', 'error', 'fatal']

export function LogFilters({ filters, services, onChange }) {
  const names = filters.service === '' || services.includes(filters.service) ? services : [filters.service, ...services]
  const set = (name) => (event) => onChange({ [name]: event.currentTarget.value })
  return html`
    <form class="filters" role="search" aria-label="Filter lines" onSubmit=${(event) => event.preventDefault()}>
      <label class="field wide"><span>Text</span>
        <input id="log-text" type="search" placeholder="in any line" value=${filters.text} onInput=${set('text')} />
      </label>
      <label class="field"><span>Service</span>
        <select value=${filters.service} onChange=${set('service')}>
          <option value="">All services</option>
          ${names.map((name) => html`<option key=${name} value=${name} selected=${name === filters.service}>${name}</option>`)}
        </select>
      </label>
      <label class="field"><span>Severity at least</span>
        <select value=${filters.minSeverity} onChange=${set('minSeverity')}>
          <option value="">Any</option>
          ${severities.map((severity) => html`<option key=${severity} value=${severity} selected=${severity === filters.minSeverity}>${severity}</option>`)}
        </select>
      </label>
    </form>
  `
}
