import { html } from './html.js'
import { Shell } from './shell.js'

export const LogsPage = () => html`<${Shell} page="logs"><h1>Logs</h1><//>`
