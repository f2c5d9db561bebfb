// What reaches the person in front of the terminal.
import { expect, test, vi } from 'vitest'
import { sparingly } from '../../infra/local/sparing.ts'
import { openTerminal } from '../../infra/local/terminal.ts'

test('the first lines of an outburst are said, the rest only counted, until it is quiet again', () => {
  vi.useFakeTimers()
  const said: string[] = []
  const say = sparingly((line) => said.push(line), { lines: 2, perMs: 1_000, where: 'api.log' })
  for (const line of ['1', '2', '3', '4']) say(line)
  vi.advanceTimersByTime(1_000)
  say('5')
  vi.useRealTimers()

  expect(said).toEqual(['1', '2', 'more of that is in api.log', '5'])
})

test('in a terminal the live line stays at the bottom and is replaced', () => {
  const written: string[] = []
  const terminal = openTerminal({ isTTY: true, write: (text: string) => written.push(text) })

  terminal.live('10/s')
  terminal.say('inventory ended')
  terminal.live('11/s')

  expect(written.join('').split('\r\u001b[K')).toEqual(['', '10/s', 'inventory ended\n10/s', '11/s'])
})

test('elsewhere every line scrolls', () => {
  const written: string[] = []
  const terminal = openTerminal({ write: (text: string) => written.push(text) })

  terminal.live('10/s')
  terminal.say('inventory ended')

  expect(written.join('')).toBe('10/s\ninventory ended\n')
})
