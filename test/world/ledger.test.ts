// The bank's books: on disk before anybody hears of it, whole after a crash, one decision per order.

import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type LedgerLine, openLedger } from '../../infra/world/ledger.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

const authorised = () => ({ state: 'authorised', amountCents: 100 }) as const

test('is created with its folder, and empty', async () => {
  const { ledger, file } = await opened()

  expect(await text(ledger.read())).toBe('')
  expect(await readFile(file, 'utf8')).toBe('')
})

test('has on disk what it answers, and knows it when it is opened again', async () => {
  const { ledger, file } = await opened()
  const orderId = randomUUID()

  const line = await ledger.enter(orderId, authorised)
  expect(line).toMatchObject({ orderId, state: 'authorised', amountCents: 100, reference: expect.any(String) })
  expect(linesIn(await readFile(file, 'utf8'))).toEqual([line])

  await ledger[Symbol.asyncDispose]()
  const again = await opened(file)
  expect(await again.ledger.enter(orderId, () => undefined)).toEqual(line)
  expect(linesIn(await text(again.ledger.read()))).toEqual([line])
})

test('lets every decision see the one before, however many come at once', async () => {
  const { ledger } = await opened()
  const orderId = randomUUID()

  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      ledger.enter(orderId, (before) => (before === undefined ? authorised() : undefined)),
    ),
  )

  expect(linesIn(await text(ledger.read()))).toHaveLength(1)
  for (const answer of answers) expect(answer).toEqual(answers[0])
})

test('keeps many orders apart and in order', async () => {
  const { ledger, file } = await opened()
  const orderIds = Array.from({ length: 300 }, () => randomUUID())

  await Promise.all(orderIds.map((orderId) => ledger.enter(orderId, authorised)))

  expect(linesIn(await readFile(file, 'utf8')).map(({ orderId }) => orderId)).toEqual(orderIds)
})

test('answers what it knows of an order that nobody decided on: nothing', async () => {
  const { ledger } = await opened()

  expect(await ledger.enter(randomUUID(), () => undefined)).toBeUndefined()
})

test('keeps the last 20,000 orders in mind, each with its whole line, and every line in the books', async () => {
  const file = join(await makeTempFolder(), 'ledger.jsonl')
  const written = Array.from({ length: 20_001 }, (_, i): LedgerLine => {
    const orderId = randomUUID()
    const at = new Date(1_800_000_000_000 + i).toISOString()
    return {
      orderId,
      state: i % 2 === 0 ? 'captured' : 'declined',
      amountCents: i,
      reference: referenceOf(orderId),
      at,
    }
  })
  const [first] = written as [LedgerLine]
  const heardOfAgain: LedgerLine = { ...first, state: 'voided' }
  const lines = [...written.slice(0, -1), heardOfAgain, ...written.slice(-1)]
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

  const { ledger } = await opened(file)

  const known = await Promise.all(written.map(({ orderId }) => ledger.enter(orderId, () => undefined)))
  expect(known).toEqual([heardOfAgain, undefined, ...written.slice(2)])
  expect(linesIn(await text(ledger.read()))).toEqual(lines)
})

describe('a last line that was cut short', () => {
  test.for([1, 20, 60])('is dropped, %i bytes of it, and the next line is whole', async (kept) => {
    const { ledger, file } = await opened()
    const [whole, cut, next] = [randomUUID(), randomUUID(), randomUUID()]
    await ledger.enter(whole, authorised)
    const before = await readFile(file, 'utf8')
    await ledger.enter(cut, authorised)
    await ledger[Symbol.asyncDispose]()
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.slice(0, before.length + kept))

    const again = await opened(file)
    expect(await again.ledger.enter(cut, () => undefined)).toBeUndefined()
    await again.ledger.enter(next, authorised)

    expect(linesIn(await readFile(file, 'utf8')).map(({ orderId }) => orderId)).toEqual([whole, next])
  })

  test('is dropped when it is the only one, and when it is cut inside a letter', async () => {
    const file = join(await makeTempFolder(), 'ledger.jsonl')
    await writeFile(file, Buffer.from('{"orderId":"ü').subarray(0, -1))

    const { ledger } = await opened(file)

    expect(await text(ledger.read())).toBe('')
    expect(await readFile(file, 'utf8')).toBe('')
  })
})

async function opened(file?: string) {
  const path = file ?? join(await makeTempFolder(), 'books', 'ledger.jsonl')
  const ledger = await openLedger(path)
  onTestFinished(async () => ledger[Symbol.asyncDispose]())
  return { ledger, file: path }
}

const referenceOf = (orderId: string): string => `bk-${orderId.slice(0, 8)}`

function linesIn(text: string): LedgerLine[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
}
