// Any flag, by hand: a variant, for a share or a cohort, until an end.
import { sendJson } from './api.js'
import { html, useState } from './html.js'
import { Armed } from './incidents.js'
import { useDoing, useNow, useOnce } from './now.js'
import { Shell } from './shell.js'

export function FaultsPage() {
  const now = useNow()
  const { answer, refresh } = now
  const { flags = [] } = useOnce('/api/flags') ?? {}
  return html`
    <${Shell} page="faults" now=${now}>
      <h1>Faults</h1>
      <p class="muted lead">A fault is a change that somebody shipped: a flag with another variant than the calm one.</p>
      <div class="two">
        ${flags.length > 0 && html`<${FaultForm} flags=${flags} refresh=${refresh} />`}
        <section class="card padded" aria-labelledby="armed-now">
          <h2 id="armed-now">Not calm now</h2>
          ${answer?.armed === undefined && html`<p class="muted">${answer ? 'Somebody is to find that out.' : ''}</p>`}
          ${answer?.armed?.length === 0 && html`<p class="muted">Everything is calm.</p>`}
          ${answer?.armed?.length > 0 && html`<${Armed} armed=${answer.armed} />`}
        </section>
      </div>
    <//>
  `
}

function FaultForm({ flags, refresh }) {
  const [asked, setAsked] = useState({
    flag: flags[0].name,
    variant: '',
    percent: '100',
    key: '',
    value: '',
    for: '5m',
  })
  const [told, setTold] = useState('')
  const { run, isBusy, problem } = useDoing()
  const flag = flags.find(({ name }) => name === asked.flag)
  const set = (name) => (event) => setAsked({ ...asked, [name]: event.currentTarget.value })
  const choose = (event) => setAsked({ ...asked, flag: event.currentTarget.value, variant: '', key: '', value: '' })
  const variant = asked.variant === '' ? flag.variants.find((one) => one !== flag.calm) : asked.variant
  const isCalm = variant === flag.calm
  const submit = (event) => {
    event.preventDefault()
    setTold('')
    void run(async () => {
      const share = Number(asked.percent) / 100
      const { revision, missing } = await sendJson(
        `/api/flags/${asked.flag}`,
        {
          variant,
          ...(isCalm || share === 1 ? {} : { share }),
          ...(isCalm || asked.key === '' ? {} : { where: { [asked.key]: asked.value } }),
          ...(isCalm || asked.for === '' ? {} : { for: asked.for }),
        },
        'PUT',
      )
      setTold(
        missing.length === 0
          ? `Every service has read it (revision ${revision.slice(0, 8)}).`
          : `It is set, but not everybody has read it: ${missing.map(({ name, why }) => `${name}: ${why}`).join('; ')}.`,
      )
      await refresh()
    })
  }
  return html`
    <form class="card padded form" onSubmit=${submit} aria-labelledby="fault">
      <h2 id="fault">Set a flag</h2>
      <label class="field"><span>Flag</span>
        <select id="flag" value=${asked.flag} onChange=${choose}>${flags.map(({ name }) => html`<option value=${name} selected=${name === asked.flag}>${name}</option>`)}</select>
      </label>
      <label class="field"><span>Variant</span>
        <select id="variant" value=${variant} onChange=${set('variant')}>${flag.variants.map((one) => html`<option value=${one} selected=${one === variant}>${one}${one === flag.calm ? ' (calm)' : ''}</option>`)}</select>
      </label>
      <label class="field"><span>Share, in per cent by <code>${flag.shareBy}</code></span>
        <input type="number" required min="0" max="100" step="any" value=${asked.percent} disabled=${isCalm} onInput=${set('percent')} />
      </label>
      <fieldset disabled=${isCalm || flag.keys.length === 0}>
        <legend>Only where${flag.keys.length === 0 ? ' (this flag knows no attributes)' : ''}</legend>
        <label class="field"><span>Attribute</span>
          <select value=${asked.key} onChange=${set('key')}><option value="">everywhere</option>${flag.keys.map((key) => html`<option value=${key} selected=${key === asked.key}>${key}</option>`)}</select>
        </label>
        <label class="field"><span>is</span><input required value=${asked.value} disabled=${asked.key === ''} onInput=${set('value')} /></label>
      </fieldset>
      <label class="field"><span>For (90s, 5m, 1h; empty: until it is reset)</span><input value=${asked.for} disabled=${isCalm} onInput=${set('for')} /></label>
      <button class="primary" disabled=${isBusy}>${isBusy ? 'Waiting for the services…' : isCalm ? 'Make it calm' : 'Ship it'}</button>
      <p class="is-error" role="alert">${problem}</p>
      <p class="muted" role="status">${told}</p>
    </form>
  `
}
