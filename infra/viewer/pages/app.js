// Starts the page that the address names.
import { ComparePage } from './compare.js'
import { html, render } from './html.js'
import { ListPage } from './list.js'
import { LogsPage } from './logs.js'
import { MapPage } from './map.js'
import { MetricsPage } from './metrics.js'
import { TracePage } from './trace.js'

const [, page, ...rest] = location.pathname.split('/').map(decodeURIComponent)
const pages = {
  trace: () => html`<${TracePage} id=${rest[0]} />`,
  compare: () => html`<${ComparePage} ids=${rest} />`,
  metrics: () => html`<${MetricsPage} />`,
  logs: () => html`<${LogsPage} />`,
  map: () => html`<${MapPage} />`,
}
const draw = pages[page] ?? (() => html`<${ListPage} />`)
const root = document.getElementById('app')
root.replaceChildren()
render(draw(), root)
