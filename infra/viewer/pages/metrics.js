import { html } from './html.js'
import { Shell } from './shell.js'

export const MetricsPage = () => html`<${Shell} page="metrics"><h1>Metrics</h1><//>`
