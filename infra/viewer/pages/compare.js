import { html } from './html.js'
import { Shell } from './shell.js'

export const ComparePage = () => html`<${Shell} page="compare"><h1>Compare</h1><//>`
