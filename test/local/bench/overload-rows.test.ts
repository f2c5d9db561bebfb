// What an overload comes to: each line once reached, once not, and once where nothing can be said.
import { expect, test } from 'vitest'
import { endedOf } from '../../../infra/local/bench/overload-rows.ts'

test('a process that came back under another pid has ended, and so has one that is gone', () => {
  const before = { api: 10, inventory: 11, postgres: 12 }

  expect(endedOf(before, { api: 10, inventory: 21 })).toEqual(['inventory', 'postgres'])
  expect(endedOf(before, { ...before })).toEqual([])
})
