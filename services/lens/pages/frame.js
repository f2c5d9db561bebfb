// What every page has around it: the bar at the top, the keyboard help, and the panels for "nothing" and "failed".
import { colourOf } from './format.js'
import { html, useRef, useState } from './html.js'
import { useKeys } from './keys.js'

/** `links` are the pages of this place as `{ id, href, text }`, `page` the id of this one, `keys` what the keyboard does here. */
export function Frame({ links, page, keys, actions, children }) {
  const help = useRef()
  useKeys({ '?': () => help.current.showModal() })
  return html`
    <a class="skip" href="#main">Skip to the content</a>
    <header class="top">
      <a class="brand" href="/"><img src="/pages/icon.svg" alt="" width="20" height="20" /><span>Slow Sometimes</span></a>
      <nav aria-label="Pages">
        ${links.map(({ id, href, text }) => html`<a href=${href} aria-current=${page === id ? 'page' : undefined}>${text}</a>`)}
      </nav>
      <div class="actions">
        ${actions}
        <${ThemeButton} />
        <button class="quiet" onClick=${() => help.current.showModal()} aria-label="Keyboard help" title="Keyboard help (?)">?</button>
      </div>
    </header>
    <main id="main" tabindex="-1">${children}</main>
    <dialog ref=${help} aria-labelledby="help-title">
      <form method="dialog">
        <div class="dialog-head"><h2 id="help-title">Keyboard</h2><button class="quiet" aria-label="Close">✕</button></div>
        <dl class="keys">
          ${keys.map(([key, does]) => html`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>`)}
          <dt><kbd>?</kbd></dt><dd>this help</dd>
        </dl>
      </form>
    </dialog>
  `
}

const themes = { auto: ['◐', 'light'], light: ['☀', 'dark'], dark: ['☾', 'auto'] }

function ThemeButton() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme)
  const [icon, next] = themes[theme] ?? themes.auto
  const change = () => {
    document.documentElement.dataset.theme = next
    localStorage.setItem('theme', next)
    setTheme(next)
  }
  const label = `Theme: ${theme}. Change to ${next}`
  return html`<button class="quiet" onClick=${change} aria-label=${label} title=${label}>${icon}</button>`
}

/** A whole-page message: title, sentences, and what can be done about it. */
export const Message = ({ title, isAlert, children }) => html`
  <section class="message" role=${isAlert ? 'alert' : undefined}>
    <h1>${title}</h1>
    ${children}
  </section>
`

export const Service = ({ name }) => html`<span class="service" style=${{ '--svc': colourOf(name) }}>${name}</span>`
