import { expect, test } from 'vitest'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { renderTrace } from '../../services/lens/render.ts'
import { wrap } from '../../services/lens/text.ts'
import { client, consumer, logLine, server, span, trace, traceIdOf } from '../helpers/traces.ts'

const made = trace(
  server('api', 'POST /api/checkout', 0, 400, [
    client('api', 'POST', 10, 300, [
      server('inventory', 'POST /reservations', 20, 290, [
        span('inventory', 'lock stock', 40, 280, [], {
          events: [{ name: 'retry', atMs: 60, attributes: { attempt: 2, why: 'lock' } }],
        }),
      ]),
    ]),
    client('api', 'POST', 310, 390, [
      server('payment', 'POST /authorisations', 315, 460, [], { status: 'error', statusMessage: 'too late' }),
    ]),
    span('api', 'send order-placed', 392, 395, [consumer('inventory', 'confirm order', 2000, 2010)], {
      kind: 'producer',
    }),
  ]),
)

const logs = [
  logLine(395, 'order placed'),
  logLine(240, 'process 71 still waiting for ShareLock', { service: 'postgres', severity: 'warn' }),
  logLine(250, 'session waits', {
    service: 'postgres',
    attributes: { [attributes.blockedByTraceId]: traceIdOf(7) },
  }),
]

test('a trace is a waterfall with its path, then what is odd, then its log lines', () => {
  expect(renderTrace({ trace: made, logs, columns: 80, colour: false })).toBe(
    `
api POST /api/checkout  400 ms
trace aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  8 spans  1970-01-01T00:00:00.000Z

api POST /api/checkout                  400 ms █───────────────────────██──────█
  api POST                              290 ms ██─────────────────────██
    inventory POST /reservations        270 ms  ███───────────────────█
      inventory lock stock              240 ms    █████████████████████
        · retry +60 ms attempt=2 why=lock
  api POST                               80 ms                          █───────
    payment ✗ POST /authorisations      145 ms                          ███████▸
  api send order-placed                 3.0 ms                                 █
    inventory confirm order              10 ms ▸ +2000 ms
█ on the critical path  ─ running  ▸ after the root

Where the time went (critical path)
     240 ms   60 %  inventory lock stock
      75 ms   19 %  payment POST /authorisations
      30 ms    8 %  inventory POST /reservations
      27 ms    7 %  api POST /api/checkout

Odd
  payment POST /authorisations ended in an error: too late
  payment POST /authorisations ended 70 ms after its parent api POST: nobody was
    waiting any more

Log lines
     +240 ms  warn  postgres  process 71 still waiting for ShareLock
     +250 ms  info  postgres  session waits
              blocked by trace 00000000000000000000000000000007
     +395 ms  info  api  order placed
`.trim(),
  )
})

test('without spans or lines it says so', () => {
  expect(renderTrace({ trace: { traceId: 'abc', spans: [] }, logs: [], columns: 80, colour: true })).toBe(
    'trace abc has no spans yet',
  )
  expect(renderTrace({ trace: made, logs: [], columns: 80, colour: false })).toMatch(
    /\nNo log lines with this trace id\.$/,
  )
})

test('no line is wider than the terminal, and none needs more than 60 columns', () => {
  const long = [...logs, logLine(1, 'word '.repeat(60)), logLine(2, 'x'.repeat(300))]
  for (const columns of [60, 80, 120, 200]) {
    const lines = renderTrace({ trace: made, logs: long, columns, colour: false }).split('\n')
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns)
  }
  expect(renderTrace({ trace: made, logs, columns: 10, colour: false })).toBe(
    renderTrace({ trace: made, logs, columns: 60, colour: false }),
  )
})

const esc = '\u001b'

test('colour adds escape sequences and nothing else', () => {
  const coloured = renderTrace({ trace: made, logs, columns: 100, colour: true })
  expect(coloured).toContain(`${esc}[33m█`)
  const sequences = new RegExp(`${esc}\\[\\d+m`, 'g')
  expect(coloured.replaceAll(sequences, '')).toBe(renderTrace({ trace: made, logs, columns: 100, colour: false }))
})

test('control and direction characters from telemetry never reach the terminal', () => {
  const nasty = `a${esc}[2Jb\u202ec\nd`
  const odd = trace(server('api', nasty, 0, 10, [], { status: 'error', statusMessage: nasty }))
  const text = renderTrace({ trace: odd, logs: [logLine(1, nasty)], columns: 100, colour: false })
  expect(text).not.toContain(esc)
  expect(text).not.toContain('\u202e')
  expect(text).toContain('a\ufffd[2Jb\ufffdc d')
})

test('every span is drawn once, also when parents are missing or run in a circle', () => {
  const [root, ...others] = made.spans
  const rootless = { ...made, spans: others }
  expect(renderTrace({ trace: rootless, logs: [], columns: 80, colour: false })).toContain('confirm order')
  const looped = {
    ...made,
    spans: [{ ...(root as (typeof others)[0]), parentSpanId: others[0]?.spanId ?? '' }, ...others],
  }
  const [above = ''] = renderTrace({ trace: looped, logs: [], columns: 80, colour: false }).split('█ on the')
  expect(above.match(/^ *(api|inventory|payment) .* ms /gm)).toHaveLength(8)
})

test('long text breaks at blanks and is indented, and an endless word is cut', () => {
  expect(wrap('one two three four', 9, 2)).toEqual(['one two', '  three', '  four'])
  expect(wrap('abcdefghijkl', 5, 2)).toEqual(['abcde', '  fgh', '  ijk', '  l'])
})
