import { html } from './html.js'
import { Shell } from './shell.js'

export const MapPage = () => html`<${Shell} page="map"><h1>Map</h1><//>`
