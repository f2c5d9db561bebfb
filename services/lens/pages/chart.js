// A time series chart (uPlot) in the colours of the page, light and dark.
import uPlot from 'uplot'
import { timeOfDay } from './format.js'
import { html, useEffect, useLayoutEffect, useRef, useState } from './html.js'

/**
 * `atMs` are the times of all points; each of `series` has a `label`, its `values` (null for none) and a `colour`, a CSS value.
 * `format` writes a value, `limit` is a line across (`{ at, label }`), `marks` are lines down (`[{ atMs, label }]`). The axis
 * reaches `highest` at least, so that charts side by side can have the same.
 * `onPick` is called with the index of the point that is clicked.
 */
export function Chart({ title, atMs, series, format, height = 180, limit, highest = 0, marks = [], onPick }) {
  const place = useRef()
  const chart = useRef()
  const latest = useRef()
  latest.current = { limit, highest, marks, onPick }
  const theme = useTheme()
  const labels = series.map(({ label }) => label).join('\n')

  useLayoutEffect(() => {
    const made = new uPlot(optionsFor(place.current, { series, format, height, latest }), [[]], place.current)
    chart.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: place.current.clientWidth, height }))
    resized.observe(place.current)
    return () => {
      resized.disconnect()
      made.destroy()
    }
  }, [theme, labels, height])

  useLayoutEffect(() => {
    chart.current.setData([atMs.map((ms) => ms / 1000), ...series.map(({ values }) => values)])
  })
  const last = series.map(
    ({ label, values }) =>
      `${label} ${written(
        values.findLast((value) => value !== null),
        format,
      )}`,
  )
  return html`<figure class="time-chart" role="img" aria-label=${`${title}: ${last.join(', ')}`}>
    <figcaption>${title}</figcaption>
    <div ref=${place}></div>
  </figure>`
}

/** Where a value stands between two gaps: no line leads there, so it gets a dot. */
const alone = (values) =>
  values.flatMap((value, i) =>
    value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null ? [i] : [],
  )

const written = (value, format) => (value === null || value === undefined ? '–' : format(value))

function optionsFor(place, { series, format, height, latest }) {
  const colour = resolver(place)
  const axisFont = `11px ${getComputedStyle(place).getPropertyValue('--mono')}`
  const axis = {
    stroke: colour('var(--faint)'),
    grid: { stroke: colour('var(--line)'), width: 1 },
    ticks: { show: false },
  }
  const font = `${11 * devicePixelRatio}px ${getComputedStyle(place).getPropertyValue('--mono')}`
  const limitOf = () => latest.current.limit?.at ?? 0
  return {
    width: place.clientWidth,
    height,
    padding: [8, 8, 0, 0],
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    legend: { live: true },
    scales: {
      y: { range: (_, __, most) => [0, Math.max(most ?? 0, latest.current.highest, limitOf() * 1.1, 1e-9) * 1.1] },
    },
    axes: [
      { ...axis, font: axisFont, size: 28, space: 90, values: (_, splits) => splits.map((at) => timeOfDay(at * 1000)) },
      { ...axis, font: axisFont, size: 64, values: (_, splits) => splits.map(format) },
    ],
    series: [
      { value: (_, at) => (at === null ? '–' : timeOfDay(at * 1000)) },
      ...series.map(({ label, colour: name }) => ({
        label,
        stroke: colour(name),
        width: 2,
        spanGaps: false,
        points: { show: false, size: 5, filter: (made, i) => alone(made.data[i]) },
        value: (_, value) => written(value, format),
      })),
    ],
    hooks: {
      draw: [(made) => drawLines(made, latest.current, colour, font)],
      ready: [
        (made) =>
          made.over.addEventListener('click', () => {
            if (made.cursor.idx !== null && made.cursor.idx !== undefined) latest.current.onPick?.(made.cursor.idx)
          }),
      ],
    },
  }
}

function drawLines({ ctx, bbox, valToPos }, { limit, marks }, colour, font) {
  const line = (from, to, stroke) => {
    ctx.beginPath()
    ctx.moveTo(...from)
    ctx.lineTo(...to)
    ctx.strokeStyle = stroke
    ctx.fillStyle = stroke
    ctx.stroke()
  }
  ctx.save()
  ctx.font = font
  ctx.textBaseline = 'bottom'
  ctx.setLineDash([4, 4])
  const right = bbox.left + bbox.width
  if (limit !== undefined) {
    const y = valToPos(limit.at, 'y', true)
    line([bbox.left, y], [right, y], colour('var(--slow-ink)'))
    ctx.textAlign = 'right'
    ctx.fillText(limit.label, right - 4, y - 2)
    ctx.textAlign = 'left'
  }
  for (const { atMs, label } of marks) {
    const x = valToPos(atMs / 1000, 'x', true)
    if (x < bbox.left || x > right) continue
    line([x, bbox.top], [x, bbox.top + bbox.height], colour('var(--accent)'))
    const isAtEnd = x > right - 60 * devicePixelRatio
    ctx.textAlign = isAtEnd ? 'right' : 'left'
    ctx.fillText(label, isAtEnd ? x - 4 : x + 4, bbox.top + 14 * devicePixelRatio)
  }
  ctx.restore()
}

/** A canvas knows no custom properties and no light-dark(): the page is asked what they come to. */
const resolver = (place) => (value) => {
  const probe = document.createElement('span')
  probe.style.color = value
  place.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

/** Another value whenever the colours of the page become others. */
function useTheme() {
  const [changes, setChanges] = useState(0)
  useEffect(() => {
    const changed = () => setChanges((before) => before + 1)
    const chosen = new MutationObserver(changed)
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', changed)
    return () => {
      chosen.disconnect()
      system.removeEventListener('change', changed)
    }
  }, [])
  return changes
}
