// What the traces of a region have that the others lack, as a ranked table with both sides' counts.
import { getJson } from './api.js'
import { count, percent } from './format.js'
import { html, useEffect, useState } from './html.js'
import { inWords } from './region.js'

const most = 8

export function Differences({ region, filters, onClear }) {
  const { answer, error, again } = useDifferences(region, filters)
  return html`
    <section class="card differs" aria-labelledby="differs-title" aria-busy=${answer === undefined && error === undefined}>
      <div class="tools">
        <h2 id="differs-title">What differs</h2>
        <span class="muted">${inWords(region)}</span>
        <button class="quiet" onClick=${onClear} aria-label="Clear the region" title="Clear (Esc)">✕</button>
      </div>
      ${error && html`<p class="padded" role="alert">${error.message} <button onClick=${again}>Try again</button></p>`}
      ${!error && answer === undefined && html`<p class="padded muted" role="status">Comparing…</p>`}
      ${!error && answer && html`<${Answer} answer=${answer} />`}
    </section>
  `
}

function Answer({ answer }) {
  const { rootName, inside, others, ofOtherRoots, says, cut, differences, slowest, usual } = answer
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? differences : differences.slice(0, most)
  return html`
    <div class="padded">
      <p class="differs-says" role="status">${says}</p>
      <p class="differs-about muted">
        ${rootName !== undefined && html`<span>${count(inside.count, 'trace')} of ${rootName} in the region, ${count(others.count, 'other')}.</span>`}
        ${cut !== '' && html`<span>${cut}</span>`}
        ${ofOtherRoots > 0 && html`<span>${count(ofOtherRoots, 'trace')} in the region ${ofOtherRoots === 1 ? 'is' : 'are'} of another kind and left out.</span>`}
        ${slowest && usual && html`<a href=${`/compare/${slowest}/${usual}`}>Compare the slowest with a usual one</a>`}
      </p>
    </div>
    ${shown.length > 0 && html`<${Table} differences=${shown} />`}
    ${differences.length > most && html`<p class="padded"><button aria-expanded=${isWhole} onClick=${() => setWhole(!isWhole)}>${isWhole ? `Only the first ${most}` : `All ${differences.length}`}</button></p>`}
  `
}

const Table = ({ differences }) => html`
  <table class="differs-table">
    <thead><tr><th scope="col">What</th><th scope="col">In the region</th><th scope="col">Others</th><th scope="col" class="number"><abbr title="How likely chance alone makes such a difference, given how many values were looked at">p</abbr></th><th scope="col"><span class="visually-hidden">Example</span></th></tr></thead>
    <tbody>${differences.map((one) => html`<${Row} key=${`${one.key} ${one.value}`} one=${one} />`)}</tbody>
  </table>
`

function Row({ one }) {
  const { attribute, where } = partsOf(one.key)
  const is = one.value.startsWith('≥') ? ' ' : ' = '
  return html`
    <tr>
      <th scope="row">
        <span class="differs-what"><span class="mono">${attribute}${is}</span><strong class="mono">${one.value}</strong></span>
        ${where !== '' && html`<span class="differs-where muted">${where}</span>`}
        ${one.alike.length > 0 && html`<span class="differs-where faint" title=${one.alike.map(({ key, value }) => `${key} = ${value}`).join('\n')}>${alikeOf(one)}</span>`}
      </th>
      <td><${Share} count=${one.slowCount} share=${one.shareSlow} label="In the region" isInside=${true} /></td>
      <td><${Share} count=${one.fastCount} share=${one.shareFast} label="Others" /></td>
      <td class="number mono"><span class="narrow-label muted">p </span>${chance(one.p)}</td>
      <td class="differs-example"><a href=${`/trace/${one.example}`} aria-label=${`An example of ${one.key} = ${one.value}`}>example</a></td>
    </tr>
  `
}

/** The first of the facts that hold for the very same traces: the same on another span, or something else. */
function alikeOf({ key, alike: [first, ...rest] }) {
  const { attribute, where } = partsOf(first.key)
  const isSame = attribute === partsOf(key).attribute
  const says = isSame && where !== '' ? `also on ${where}` : `and with it ${attribute} = ${first.value}`
  return rest.length === 0 ? says : `${says}, and ${rest.length} more`
}

const Share = ({ count: n, share, label, isInside = false }) => html`
  <span class="share-of">
    <span class="narrow-label muted">${label}</span>
    <span class=${`share-bar ${isInside ? 'is-inside' : ''}`} aria-hidden="true"><i style=${{ width: `${share * 100}%` }}></i></span>
    <span class="mono">${percent(share)}</span><span class="mono faint">${n.toLocaleString('en')}</span>
  </span>
`

/** `service:span name:attribute` or a bare attribute of the root. */
function partsOf(key) {
  const at = key.lastIndexOf(':')
  return { attribute: key.slice(at + 1), where: key.slice(0, Math.max(0, at)).replace(':', ' · ') }
}

const chance = (p) => (p < 0.001 ? '< 0.001' : p.toFixed(3))

/** Asked once for a region: what it says should not change while somebody reads it. */
function useDifferences(region, filters) {
  const [state, setState] = useState({})
  const [tries, setTries] = useState(0)
  const query = queryOf(region, filters)
  useEffect(() => {
    const abort = new AbortController()
    setState({})
    getJson(`/api/differences?${query}`, abort.signal).then(
      (answer) => setState({ answer }),
      (error) => error.name !== 'AbortError' && setState({ error }),
    )
    return () => abort.abort()
  }, [query, tries])
  return { ...state, again: () => setTries(tries + 1) }
}

/** In the region is what the list shows of it; the others are all there are in the same stretch of time. */
function queryOf(region, { route, service, errors, minDurationMs, from, to }) {
  const minMs = Math.max(region.minMs ?? 0, Number(minDurationMs))
  const all = {
    from,
    to,
    ...region,
    // A box may reach beyond the first and the last dot, and must not count what the list does not show.
    ...(region.from === undefined || !from ? {} : { from: Math.max(region.from, Number(from)) }),
    ...(region.to === undefined || !to ? {} : { to: Math.min(region.to, Number(to)) }),
    minMs,
    route,
    service,
    errors: errors ? 'true' : '',
    othersFrom: from,
    othersTo: to,
  }
  return new URLSearchParams(Object.entries(all).filter(([, value]) => value !== '' && value !== undefined)).toString()
}
