// Starts the page that the address names.
import { html, render } from './html.js'
import { ListPage } from './list.js'
import { TracePage } from './trace.js'

const [, page, id] = location.pathname.split('/')
const root = document.getElementById('app')
render(page === 'trace' ? html`<${TracePage} id=${decodeURIComponent(id)} />` : html`<${ListPage} />`, root)
