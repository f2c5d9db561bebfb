// A menu that saves what the viewer has as a file, opens such a file, and forgets everything.
import { post } from './api.js'
import { count } from './format.js'
import { html, useRef, useState } from './html.js'

/** `onChanged` is called when the viewer has something else than before. */
export function KeepMenu({ onChanged }) {
  const menu = useRef()
  const file = useRef()
  const [told, setTold] = useState('')
  const telling = async (says, work) => {
    setTold(says)
    try {
      setTold(await work())
      onChanged()
    } catch (error) {
      setTold(error.message)
    }
  }
  const openFile = () => {
    const [chosen] = file.current.files
    if (chosen === undefined) return
    void telling(`Opening ${chosen.name}…`, async () => {
      const { lines, refused, why } = await post('/api/import', chosen, typeOf(chosen))
      file.current.value = ''
      return `${count(lines - refused, 'line')} of ${chosen.name} read. ${why}`
    })
  }
  const clear = () => {
    if (!confirm('Forget all traces, log lines and metrics?')) return
    void telling('', async () => {
      await post('/api/clear')
      return 'All is forgotten.'
    })
  }
  const close = (event) => {
    if (event.key !== 'Escape') return
    menu.current.open = false
    menu.current.querySelector('summary').focus()
    event.stopPropagation()
  }
  return html`
    <details class="menu" ref=${menu} onKeyDown=${close}>
      <summary aria-label="Save, open, clear" title="Save, open, clear">⋯</summary>
      <div class="menu-items">
        <a class="menu-item" href="/api/export" download>Save as a file</a>
        <button class="menu-item" onClick=${() => file.current.click()}>Open a file</button>
        <button class="menu-item" onClick=${clear}>Clear</button>
        <input ref=${file} type="file" hidden accept=".jsonl,.ndjson,.gz" aria-label="File to open" onChange=${openFile} />
        <p role="status">${told}</p>
      </div>
    </details>
  `
}

const typeOf = ({ name }) => (name.endsWith('.gz') ? 'application/gzip' : 'application/x-ndjson')
