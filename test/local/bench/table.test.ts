// The table that a bench prints.
import { expect, test } from 'vitest'
import { tableOf } from '../../../infra/local/bench/table.ts'

test('says of each line whether its goal is reached, and nothing where that is not known', () => {
  const table = tableOf([
    { what: 'start', goal: '≤ 6 s', measured: '5.4 s', isReached: true },
    { what: 'crashes', goal: 'none', measured: 'api', isReached: false },
    { what: 'telemetry', goal: 'stated', measured: '9.5 ms' },
  ])
  expect(table.split('\n')).toEqual([
    '           goal    measured',
    'start      ≤ 6 s   5.4 s     reached',
    'crashes    none    api       NOT REACHED',
    'telemetry  stated  9.5 ms',
  ])
})
