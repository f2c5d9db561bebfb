// The storefront: buy something yourself, as any of the customers, and see how long it took.
import { sendJson } from './api.js'
import { count, duration, fromHere } from './format.js'
import { html, useState } from './html.js'
import { useDoing, useNow, useOnce } from './now.js'
import { Shell } from './shell.js'

export function ShopPage() {
  const now = useNow()
  const shop = useOnce('/api/shop')
  return html`
    <${Shell} page="shop" now=${now}>
      <h1>Shop</h1>
      <p class="muted lead">Buy something. Most checkouts are quick; see which of yours are not.</p>
      ${shop && html`<${Store} shop=${shop} />`}
    <//>
  `
}

const keptReceipts = 12

function Store({ shop }) {
  const [cart, setCart] = useState({ [shop.products[0].sku]: 1 })
  const [customer, setCustomer] = useState(shop.customers[0].id)
  const [coupon, setCoupon] = useState('')
  const [receipts, setReceipts] = useState([])
  const { run, isBusy, problem } = useDoing()
  const lines = Object.entries(cart).flatMap(([sku, quantity]) => (quantity > 0 ? [{ sku, quantity }] : []))
  const priceOf = (sku) => shop.products.find((one) => one.sku === sku).priceCents
  const total = lines.reduce((sum, { sku, quantity }) => sum + priceOf(sku) * quantity, 0)
  const put = (sku, quantity) => setCart({ ...cart, [sku]: Math.max(0, Math.min(1000, quantity || 0)) })
  const buy = (event) => {
    event.preventDefault()
    void run(async () => {
      const given = coupon.trim()
      const asked = { customer, lines, ...(given === '' ? {} : { coupon: given }) }
      const receipt = await sendJson('/api/shop/checkouts', asked)
      setReceipts((before) => [{ ...receipt, n: (before[0]?.n ?? 0) + 1 }, ...before].slice(0, keptReceipts))
    })
  }
  return html`
    <div class="two">
      <section aria-labelledby="products">
        <h2 id="products">What there is</h2>
        <ul class="products">
          ${shop.products.map(
            ({ sku, name, priceCents, isSoldOut }) => html`<li class="card" key=${sku}>
              <span class="name">${name}</span>
              <span class="muted">${isSoldOut ? 'sold out' : euros(priceCents)}</span>
              <span class="pieces">
                <button aria-label=${`One ${name} less`} disabled=${!cart[sku]} onClick=${() => put(sku, cart[sku] - 1)}>−</button>
                <input type="number" min="0" max="1000" aria-label=${`Pieces of ${name}`} value=${cart[sku] ?? 0} onInput=${(event) => put(sku, Number(event.currentTarget.value))} />
                <button aria-label=${`One ${name} more`} onClick=${() => put(sku, (cart[sku] ?? 0) + 1)}>+</button>
              </span>
            </li>`,
          )}
        </ul>
      </section>
      <div class="stack">
        <form class="card padded form" onSubmit=${buy} aria-labelledby="checkout">
          <h2 id="checkout">Checkout</h2>
          <label class="field"><span>Customer</span>
            <select value=${customer} onChange=${(event) => setCustomer(event.currentTarget.value)}>
              ${shop.customers.map(({ id, tier, issuer, isBroke }) => html`<option value=${id} selected=${id === customer}>${id}: ${tier}, card of ${issuer}${isBroke ? ', with nothing left on it' : ''}</option>`)}
            </select>
          </label>
          <label class="field"><span>Coupon</span><input list="coupons" value=${coupon} onInput=${(event) => setCoupon(event.currentTarget.value)} /></label>
          <datalist id="coupons">${shop.coupons.map((code) => html`<option value=${code}></option>`)}</datalist>
          <p class="row"><span>${count(lines.length, 'line')}</span><strong>${euros(total)}</strong></p>
          <button class="primary" disabled=${isBusy || lines.length === 0}>${isBusy ? 'Paying…' : 'Buy'}</button>
          <p class="is-error" role="alert">${problem}</p>
        </form>
        <section class="card padded" aria-labelledby="receipts">
          <h2 id="receipts">Your checkouts</h2>
          ${receipts.length === 0 && html`<p class="muted">None yet.</p>`}
          <ol class="receipts" aria-live="polite">${receipts.map((receipt) => html`<${Receipt} key=${receipt.n} receipt=${receipt} sloMs=${shop.sloMs} />`)}</ol>
        </section>
      </div>
    </div>
  `
}

function Receipt({ receipt, sloMs }) {
  const { status, tookMs, code, failedStep, traceUrl } = receipt
  const said = status === 201 ? 'placed' : `${code ?? `status ${status}`}${failedStep ? ` (${failedStep})` : ''}`
  return html`<li>
    <strong class=${tookMs > sloMs ? 'is-slow' : ''}>${duration(tookMs)}</strong>
    <span class=${status === 201 ? '' : 'is-error'}>${said}</span>
    ${traceUrl && html`<a href=${fromHere(traceUrl)} target="look">Open its trace</a>`}
  </li>`
}

const euros = (cents) => `€ ${(cents / 100).toFixed(2)}`
