// What both pages have around them: the bar at the top, the keyboard help, and the panels for "nothing" and "failed".
import { colourOf } from './format.js'
import { html, useRef, useState } from './html.js'
import { useKeys } from './keys.js'

const keysOfList = [
  ['j / ↓', 'next trace'],
  ['k / ↑', 'previous trace'],
  ['Enter', 'open the trace'],
  ['/', 'go to the filters'],
  ['s', 'newest or slowest first'],
  ['e', 'only errors, or all'],
  ['p', 'pause or go on'],
]
const keysOfTrace = [
  ['j / ↓', 'next span'],
  ['k / ↑', 'previous span'],
  ['← / →', 'close or open a branch'],
  ['c', 'next span on the critical path'],
  ['l', 'go to the log'],
  ['b', 'open the trace that this one waited for'],
  ['/', 'find in spans'],
  ['Esc', 'close the details'],
  ['u', 'back to the list'],
]

export function Shell({ page, actions, children }) {
  const help = useRef()
  useKeys({ '?': () => help.current.showModal() })
  return html`
    <a class="skip" href="#main">Skip to the content</a>
    <header class="top">
      <a class="brand" href="/"><img src="/pages/icon.svg" alt="" width="20" height="20" />Slow Sometimes</a>
      <nav aria-label="Pages"><a href="/" aria-current=${page === 'list' ? 'page' : undefined}>Traces</a></nav>
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
          ${(page === 'list' ? keysOfList : keysOfTrace).map(([key, does]) => html`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>`)}
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
