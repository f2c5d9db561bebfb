// What `npm run sightings` makes of what it measured: a panel has to tell an incident from calm, and calm from calm not.
import { expect, test } from 'vitest'
import { faultsOf, type Measured } from '../compose/sightings/panel.ts'
import { row, rowsOf, type Sighting, tableOf } from '../compose/sightings/table.ts'

const duration = (calm: Measured['calm'], armed: number): Measured => ({
  ...{ calm, armed },
  ...{ unit: 's', least: 0.25, falls: false },
})
const kept = (calm: Measured['calm'], armed: number): Measured => ({
  ...{ calm, armed },
  ...{ unit: 'percentunit', least: 0, falls: true },
})

test('a panel shows an incident when it rises to what is much, and to much more than in both calm windows', () => {
  expect(faultsOf(duration([0.04, 0.09], 0.9))).toEqual([])
  expect(faultsOf(duration([0, 0], 0.9))).toEqual([])
  expect(faultsOf(duration([0.04, 0.09], 0.2))).toEqual(['does not show it'])
  expect(faultsOf(duration([0.5, 0.55], 0.7))).toEqual(['does not show it'])
})

test('one that falls shows it by falling', () => {
  expect(faultsOf(kept([0.99, 1.005], 0.94))).toEqual([])
  expect(faultsOf(kept([0.99, 1.005], 0.98))).toEqual(['does not show it'])
  expect(faultsOf(kept([Number.NaN, 0.99], 0.94))).toEqual(['does not show it'])
})

test('a panel that tells two calm windows apart shows nothing, whatever it does during the incident', () => {
  const fickle = 'looks different in two calm windows, as if there were an incident in one of them'
  expect(faultsOf(duration([0.3, 0.1], 0.9))).toEqual([fickle])
  expect(faultsOf(duration([0.1, 0.3], 0.9))).toEqual([fickle])
  expect(faultsOf(kept([1, 0.9], 0.5))).toEqual([fickle])
})

const sighting: Sighting = {
  scenario: {
    id: 'one-issuer',
    seen: {
      panel: { dashboard: 'queue-and-bank', panel: 'Bank: its own time by card issuer, p99', series: 'cirrus' },
      alerts: ['CheckoutBurn1m'],
      mayFire: ['BankAnswersLate'],
    },
  },
  panel: duration([0.052, 0.061], 1.25),
  firedAfterSeconds: new Map([
    ['BankAnswersLate', 31],
    ['CheckoutBurn1m', 38],
  ]),
}

test('a row says where, how much, and which alerts fired when', () => {
  expect(row(sighting)).toEqual({
    text: '| one-issuer | queue-and-bank · Bank: its own time by card issuer, p99 · cirrus | 52 ms, 61 ms → 1.25 s | BankAnswersLate 31 s, CheckoutBurn1m 38 s |',
    failures: [],
  })
})

test('whatever is not as declared is a failure, and stands in the row', () => {
  const { text, failures } = row({
    ...sighting,
    panel: duration([0.052, 0.061], 0.07),
    firedAfterSeconds: new Map([['PoolWaiting', 40]]),
    complaint: '3 of 900 checkouts were slow.',
  })
  expect(failures).toEqual([
    'one-issuer: 3 of 900 checkouts were slow.',
    'one-issuer: CheckoutBurn1m did not fire.',
    'one-issuer: PoolWaiting fired, and is not declared.',
    'one-issuer: The panel does not show it (52 ms, 61 ms → 70 ms).',
  ])
  expect(text).toContain('| PoolWaiting 40 s **3 of 900 checkouts were slow. CheckoutBurn1m did not')
})

test('where no alert should fire, the reason stands in its place', () => {
  const seen = { alerts: [], because: 'nothing is wrong' }
  const calm = { ...sighting, scenario: { id: 'calm', seen }, panel: undefined, firedAfterSeconds: new Map() }
  expect(row(calm)).toEqual({ text: '| calm | - | - | -: nothing is wrong |', failures: [] })
  const fired = new Map([['CheckoutBurn1m', 50]])
  expect(row({ ...calm, firedAfterSeconds: fired }).failures).toEqual([
    'calm: CheckoutBurn1m fired, and is not declared.',
  ])
})

test('rows that were written are found again by their scenario', () => {
  const rows = ['| calm | - | - | -: nothing is wrong |', row(sighting).text]
  expect(rowsOf(tableOf(rows))).toEqual(
    new Map([
      ['calm', rows[0]],
      ['one-issuer', rows[1]],
    ]),
  )
  expect(rowsOf('')).toEqual(new Map())
})
