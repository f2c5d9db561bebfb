// The charts of the metrics page: one card for each question, in it one chart for each instance, all with the same axis.
import { Chart } from './chart.js'
import { duration } from './format.js'
import { html } from './html.js'

const rate = (value) => (value >= 20 ? value.toFixed(0) : value.toFixed(1))
const whole = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(1))
const ms = (value) => (value === 0 ? '0 ms' : duration(value))

const percentiles = (latency) => [
  { label: 'p50', values: latency.p50Ms, colour: 'var(--good)' },
  { label: 'p95', values: latency.p95Ms, colour: 'var(--slow)' },
  { label: 'p99', values: latency.p99Ms, colour: 'var(--accent)' },
]

/**
 * `onPick` is called with the instance, the time and the route of the requests behind a point of a latency chart. `children`
 * stand after those charts.
 */
export function Curves({ found, onPick, children }) {
  const { instances, checkouts } = found
  const pools = [...new Set(instances.flatMap((one) => one.pools.map(({ pool }) => pool)))]
  const poolOf = (name) => (one) => {
    const { used, waiting } = one.pools.find(({ pool }) => pool === name) ?? { used: [], waiting: [] }
    return [
      { label: 'in use', values: used, colour: 'var(--good)' },
      { label: 'waiting', values: waiting, colour: 'var(--slow)' },
    ]
  }
  const single = (label, key, colour = 'var(--good)') => {
    return (one) => [{ label, values: one[key], colour }]
  }
  return html`
    <div class=${`metrics ${instances.length > 1 ? 'has-several' : ''}`}>
      ${
        checkouts &&
        html`<${Card} title="How long checkouts take" instances=${instances} format=${ms} curves=${(one) => (one.checkouts ? percentiles(one.checkouts) : [])}
        limit=${{ at: checkouts.sloMs, label: `${checkouts.sloMs} ms` }} onPick=${(requests) => onPick({ ...requests, route: checkouts.route })} />`
      }
      <${Card} title=${checkouts ? 'How long all requests take' : 'How long requests take'} instances=${instances} format=${ms} curves=${(one) => percentiles(one.latency)} onPick=${onPick} />
      ${children}
      <${Card} title="Requests a second" instances=${instances} format=${rate} curves=${single('requests', 'requestsPerSecond')} />
      <${Card} title="Errors a second (5xx)" instances=${instances} format=${rate} curves=${single('errors', 'errorsPerSecond', 'var(--error)')} />
      ${pools.map((pool) => html`<${Card} key=${pool} title=${`Connection pool ${pool}`} instances=${instances} format=${whole} curves=${poolOf(pool)} />`)}
      <${Card} title="Event loop delay" instances=${instances} format=${ms}
        curves=${({ eventLoopDelay: { p99Ms, maxMs } }) => [
          { label: 'p99', values: p99Ms, colour: 'var(--good)' },
          { label: 'longest', values: maxMs, colour: 'var(--accent)' },
        ]} />
      <${Card} title="Garbage collection a second" instances=${instances} format=${ms} curves=${single('collecting', 'gcMsPerSecond')} />
    </div>
  `
}

/** Nothing when no instance knows any of the values. */
function Card({ title, instances, curves, format, limit, onPick }) {
  const drawn = instances.map((one) => ({ one, series: curves(one) }))
  const values = drawn.flatMap(({ series }) => series.flatMap(({ values }) => values)).filter((value) => value !== null)
  if (values.length === 0) return null
  const highest = values.reduce((most, value) => Math.max(most, value), 1)
  const id = `metric-${title.toLowerCase().replaceAll(/\W+/g, '-')}`
  return html`
    <section class="card metric" aria-labelledby=${id}>
      <h2 id=${id}>${title}</h2>
      ${onPick && html`<p class="muted metric-hint">A click opens the slowest trace of that moment.</p>`}
      <div class=${`instances ${onPick ? 'can-pick' : ''}`}>
        ${drawn.map(
          ({
            one,
            series,
          }) => html`<${Chart} key=${one.instance} title=${one.instance} atMs=${one.atMs} series=${series} format=${format}
            height=${140} limit=${limit} highest=${highest} onPick=${onPick && ((index) => pick(one, index, onPick))} />`,
        )}
      </div>
    </section>
  `
}

/** The ends of a chart and its gaps are no steps: a click there means the step beside them. */
function pick({ instance, atMs, sinceMs }, index, onPick) {
  const at = [index, index - 1, index + 1].find((i) => typeof sinceMs[i] === 'number')
  if (at !== undefined) onPick({ instance, from: sinceMs[at], to: atMs[at] })
}
