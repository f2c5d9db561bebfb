// Two traces side by side: where one took longer than the other, what their roots say, and both waterfalls on one scale.
import { getJson } from './api.js'
import { Attributes, Operations } from './compare-tables.js'
import { CompareTrace } from './compare-trace.js'
import { duration } from './format.js'
import { Message } from './frame.js'
import { moveFocus } from './fresh.js'
import { html, useEffect, useState } from './html.js'
import { useKeys } from './keys.js'
import { Shell } from './shell.js'
import { rootOf } from './tree.js'
import { useTrace } from './use-trace.js'

/** `ids`: the one on the left and the one on the right. The address calls them slow and fast, which they need not be. */
export function ComparePage({ ids }) {
  const left = useTrace(ids[0], { isPartOfPage: true })
  const right = useTrace(ids[1], { isPartOfPage: true })
  const sides = [
    { id: ids[0], ...left },
    { id: ids[1], ...right },
  ]
  const missing = sides.filter(({ view, error }) => error && !view)
  const isHere = sides.every(({ view }) => view)
  useEffect(() => {
    document.title = 'Two traces · Slow Sometimes'
  }, [])
  const { comparison, error } = useComparison(ids, isHere && sides.map(({ view }) => view.trace.spans.length).join())
  const swap = () => location.assign(`/compare/${ids.toReversed().join('/')}`)
  useKeys({
    x: swap,
    1: () => location.assign(`/trace/${ids[0]}`),
    2: () => location.assign(`/trace/${ids[1]}`),
    u: () => location.assign('/'),
  })
  return html`
    <${Shell} page="compare">
      ${missing.length > 0 && html`<${Missing} missing=${missing} ids=${ids} />`}
      ${missing.length === 0 && !isHere && html`<div class="skeleton" role="status" aria-label="Loading the two traces">${Array.from({ length: 10 }, () => html`<div></div>`)}</div>`}
      ${isHere && missing.length === 0 && html`<${Both} sides=${sides} comparison=${comparison} error=${error} onSwap=${swap} />`}
    <//>
  `
}

function Missing({ missing, ids }) {
  const [first] = missing
  const other = ids.find((id) => !missing.some((one) => one.id === id))
  if (first.error.status !== 404 && first.error.status !== 400)
    return html`<${Message} title="The traces cannot be shown" isAlert><p>${first.error.message}</p><p><a href="">Try again</a></p><//>`
  return html`
    <${Message} title=${missing.length === 2 ? 'Neither of the two traces is here' : 'One of the two traces is not here'} isAlert>
      ${missing.map(({ id, error }) => html`<p><code>${id}</code>${error.status === 400 && html` ${error.message}`}</p>`)}
      ${missing.some(({ error }) => error.status === 404) && html`<p>It may still be on its way (this page looks again for a while), or it has made room for newer ones: fast traces go first.</p>`}
      <p><a href="">Look again</a>${other && html` · <a href=${`/trace/${other}`}>The other one</a>`} · <a href="/">Traces that are here</a></p>
    <//>
  `
}

function Both({ sides, comparison, error, onSwap }) {
  const [picked, setPicked] = useState()
  const roots = sides.map(({ view }) => rootOf(view.trace.spans))
  const tookMs = roots.map((root) => Math.max(root.endMs - root.startMs, 0))
  const titles = tookMs[0] >= tookMs[1] ? ['Slower', 'Faster'] : ['Faster', 'Slower']
  const pick = (one) => setPicked((before) => (isSame(one, before) ? undefined : one))
  const move = (step) => moveFocus('.compare-operation', step)
  useKeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    Escape: () => setPicked(undefined),
  })
  return html`
    <${Head} sides=${sides} roots=${roots} tookMs=${tookMs} onSwap=${onSwap} />
    ${error && html`<p class="banner" role="alert">${error.message}</p>`}
    ${
      comparison &&
      html`<div class="compare-tables">
      <${Operations} operations=${comparison.operations} titles=${titles} tookMs=${tookMs} picked=${picked} onPick=${pick} />
      <${Attributes} attributes=${comparison.attributes} titles=${titles} />
    </div>`
    }
    <div class="compare-traces">
      ${sides.map(({ view }, i) => html`<${CompareTrace} key=${`${i} ${view.trace.traceId}`} view=${view} title=${titles[i]} idPrefix=${`${i}-`} rangeMs=${Math.max(...tookMs, 0.001)} picked=${picked} onPick=${pick} />`)}
    </div>
  `
}

const isSame = (a, b) => a?.service === b?.service && a?.name === b?.name

function Head({ sides, roots, tookMs, onSwap }) {
  const [a, b] = roots
  const isOneKind = a.name === b.name && a.service === b.service
  return html`
    <section class="head">
      <div class="title">
        <a class="back" href="/" aria-label="All traces" title="All traces (u)">←</a>
        <h1>${isOneKind ? a.name : `${a.name} and ${b.name}`}</h1>
        <span class="total mono">${duration(tookMs[0])} <span class="muted">against</span> ${duration(tookMs[1])}</span>
        <button onClick=${onSwap} title="Swap (x)">Swap</button>
      </div>
      ${sides[0].id === sides[1].id && html`<p class="muted">Both are the same trace.</p>`}
      ${!isOneKind && html`<p class="muted">These are two kinds of request: that they take different time may mean nothing.</p>`}
    </section>
  `
}

/** Asked when both traces are here, and again when spans of them have arrived. */
function useComparison([slow, fast], spans) {
  const [state, setState] = useState({})
  useEffect(() => {
    if (!spans) return
    const abort = new AbortController()
    getJson(`/api/comparison?slow=${slow}&fast=${fast}`, abort.signal).then(
      (comparison) => setState({ comparison }),
      (error) => error.name !== 'AbortError' && setState({ error }),
    )
    return () => abort.abort()
  }, [slow, fast, spans])
  return state
}
