// Where the services and the lines between them go: columns from left to right by how far a service is from the door.
// The steps are Sugiyama's: ranks, a place in every column for a line that passes through, fewer crossings, coordinates.

const nodeWidth = 148
const nodeHeight = 52
const nodeSlot = 84
/** A line that passes a column by needs less room than a node. */
const passSlot = 48
const labelHeight = 32
const labelWidth = 120
const margin = 12

/**
 * @param nodes `{ name }`
 * @param edges `{ caller, callee }`, more of the same pair are drawn beside each other
 * @returns `{ width, height, nodes: [{ name, x, y, width, height }], edges: [{ edge, points: [{ x, y }], label: { x, y } }] }`
 */
export function layoutOf(nodes, edges, { door = 'api', width = 1200 } = {}) {
  const names = nodes.map(({ name }) => name)
  const drawn = edges.filter(
    ({ caller, callee }) => caller !== callee && names.includes(caller) && names.includes(callee),
  )
  const ranks = ranksOf(names, drawn, door)
  const chains = drawn.map((edge, index) => ({ edge, ids: chainOf(edge, index, ranks) }))
  const columns = columnsOf(names, ranks, chains)
  const height = Math.max(...columns.map(heightOf), nodeSlot) + 2 * margin
  const pitch = columns.length < 2 ? 0 : Math.min(360, (width - nodeWidth - 2 * margin) / (columns.length - 1))
  const places = placesOf(columns, { height, pitch })
  const placed = names.map((name) => ({ name, ...places.get(name), width: nodeWidth, height: nodeHeight }))
  const lines = linesOf(chains, places)
  spreadLabels(lines)
  return { width: (columns.length - 1) * pitch + nodeWidth + 2 * margin, height, nodes: placed, edges: lines }
}

/** The longest way from the door, so that every line goes to the right. One that closes a circle does not count. */
function ranksOf(names, edges, door) {
  const state = new Map()
  const order = []
  const forward = []
  const visit = (name) => {
    state.set(name, 'open')
    for (const edge of edges) {
      if (edge.caller !== name || state.get(edge.callee) === 'open') continue
      forward.push(edge)
      if (!state.has(edge.callee)) visit(edge.callee)
    }
    state.set(name, 'done')
    order.unshift(name)
  }
  const isCalled = (name) => edges.some(({ callee }) => callee === name)
  for (const name of [door, ...names.filter((one) => !isCalled(one)), ...names])
    if (names.includes(name) && !state.has(name)) visit(name)
  const ranks = new Map(names.map((name) => [name, 0]))
  for (const name of order)
    for (const { callee } of forward.filter(({ caller }) => caller === name))
      ranks.set(callee, Math.max(ranks.get(callee), ranks.get(name) + 1))
  return ranks
}

/** The line as a chain of places, one in every column on the way; those between the ends are its own. */
function chainOf({ caller, callee }, index, ranks) {
  const between = Array.from(
    { length: Math.max(0, ranks.get(callee) - ranks.get(caller) - 1) },
    (_, i) => `${index}/${i}`,
  )
  return [caller, ...between, callee]
}

/** What is in each column from top to bottom, ordered by where its neighbours are, a few times to and fro. */
function columnsOf(names, ranks, chains) {
  const columns = Array.from({ length: Math.max(0, ...ranks.values()) + 1 }, () => [])
  for (const name of names) columns[ranks.get(name)].push({ id: name, isNode: true })
  for (const { edge, ids } of chains)
    for (const [i, id] of ids.slice(1, -1).entries())
      columns[ranks.get(edge.caller) + 1 + i].push({ id, isNode: false })
  const links = chains.flatMap(({ ids }) => ids.slice(1).map((id, i) => [ids[i], id]))
  for (let sweep = 0; sweep < 6; sweep++) {
    const isRightwards = sweep % 2 === 0
    for (const column of isRightwards ? columns : columns.toReversed()) sortColumn(column, columns, links, isRightwards)
  }
  return columns
}

function sortColumn(column, columns, links, isRightwards) {
  const middles = new Map(columns.flatMap((one) => middlesOf(one)))
  const wish = new Map(
    column.map(({ id }) => {
      const near = links.flatMap(([from, to]) => (isRightwards ? (to === id ? [from] : []) : from === id ? [to] : []))
      const own = middles.get(id)
      return [id, near.length === 0 ? own : near.reduce((sum, one) => sum + middles.get(one), 0) / near.length]
    }),
  )
  column.sort((a, b) => wish.get(a.id) - wish.get(b.id))
}

const slotOf = ({ isNode }) => (isNode ? nodeSlot : passSlot)
const heightOf = (column) => column.reduce((sum, one) => sum + slotOf(one), 0)

/** The middle of every slot, from the middle of the column. */
function middlesOf(column) {
  let at = -heightOf(column) / 2
  return column.map((one) => {
    at += slotOf(one)
    return [one.id, at - slotOf(one) / 2]
  })
}

function placesOf(columns, { height, pitch }) {
  return new Map(
    columns.flatMap((column, rank) =>
      middlesOf(column).map(([id, middle]) => [id, { x: margin + rank * pitch, y: height / 2 + middle }]),
    ),
  )
}

/** Lines leave a node on its right and arrive on its left, beside each other in the order in which they go on. */
function linesOf(chains, places) {
  const port = (name, isRight) => {
    const own = chains.filter(({ ids }) => (isRight ? ids[0] : ids.at(-1)) === name)
    const next = ({ ids }) => places.get(isRight ? ids[1] : ids.at(-2)).y
    const order = own.toSorted((a, b) => next(a) - next(b))
    const step = Math.min(14, (nodeHeight - 12) / Math.max(1, order.length - 1))
    const { x, y } = places.get(name)
    return (chain) => ({
      x: x + (isRight ? nodeWidth : 0),
      y: y + (order.indexOf(chain) - (order.length - 1) / 2) * step,
    })
  }
  return chains.map((chain) => {
    const { edge, ids } = chain
    const passed = ids.slice(1, -1).map((id) => ({ x: places.get(id).x + nodeWidth / 2, y: places.get(id).y }))
    const points = [port(ids[0], true)(chain), ...passed, port(ids.at(-1), false)(chain)]
    const middle = passed[Math.floor(passed.length / 2)]
    const [from, to] = [points[0], points.at(-1)]
    return { edge, points, label: { ...(middle ?? { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }) } }
  })
}

/** Labels move down until they do not cover each other. */
function spreadLabels(lines) {
  const placed = []
  const covered = (label) =>
    placed.find(({ x, y }) => Math.abs(x - label.x) < labelWidth && Math.abs(y - label.y) < labelHeight)
  for (const label of lines.map((line) => line.label).sort((a, b) => a.y - b.y)) {
    for (let under = covered(label); under !== undefined; under = covered(label)) label.y = under.y + labelHeight
    placed.push(label)
  }
}
