// Starts the page that the address names.
import { DrillPage } from './drill.js'
import { FaultsPage } from './faults.js'
import { html, render } from './html.js'
import { IncidentsPage } from './incidents.js'
import { ShopPage } from './shop.js'

const pages = { '/faults': FaultsPage, '/shop': ShopPage, '/drill': DrillPage }
const Page = pages[location.pathname] ?? IncidentsPage
const root = document.getElementById('app')
root.replaceChildren()
render(html`<${Page} />`, root)
