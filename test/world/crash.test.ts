// The world as a process of its own, killed in the middle of its work: what it answered for, it knows afterwards.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { users } from '../../services/kit/seed.ts'
import { createBankClient } from '../helpers/bank-client.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

const card = users[0]?.cardToken
const order = { amountCents: 1_500, card, issuer: users[0]?.issuer }

test('every authorisation that was answered before a kill -9 is in the ledger after the restart, once', async () => {
  const file = join(await makeTempFolder(), 'ledger.jsonl')
  const answered = new Set<string>()
  const asked: string[] = []

  for (let round = 0; round < 3; round++) {
    const { process, send } = await startWorld(file)
    const clients = Array.from({ length: 10 }, async () => {
      for (;;) {
        const orderId = randomUUID()
        asked.push(orderId)
        const answer = await send('POST', `/authorisations/${orderId}`, order).catch(() => undefined)
        if (answer === undefined) return
        if (answer.body.state === 'authorised') answered.add(orderId)
        // Others are on their way: the kill falls between answers.
        if (answered.size >= (round + 1) * 40) process.kill('SIGKILL')
      }
    })
    await Promise.all(clients)
  }

  const { send } = await startWorld(file)
  const lines = linesIn(await readFile(file, 'utf8'))
  const booked = lines.map(({ orderId }) => orderId)
  expect(answered.size).toBeGreaterThanOrEqual(120)
  expect(booked).toEqual(expect.arrayContaining([...answered]))
  expect(new Set(booked).size).toBe(booked.length)
  expect(asked).toEqual(expect.arrayContaining(booked))
  for (const orderId of [...answered].slice(-5)) {
    expect((await send('POST', `/authorisations/${orderId}`, order)).body).toMatchObject({ state: 'authorised' })
  }
  expect(linesIn(await readFile(file, 'utf8'))).toHaveLength(lines.length)
})

test('stops cleanly when asked to, and says what is missing from its configuration', async () => {
  const { process } = await startWorld(join(await makeTempFolder(), 'ledger.jsonl'))
  process.kill('SIGTERM')
  expect(await once(process, 'exit')).toEqual([0, null])

  const broken = run({ BANK_PORT: 'x', LINK_PORT: '0', ERP_PORT: '0' })
  const said = await textOf(broken)
  expect(said).toContain('BANK_PORT is "x": ')
  expect(said).toContain('LEDGER_FILE is not set: ')
  expect(broken.exitCode).toBe(1)
})

/** A bank without hiccups that answers in about 5 ms. */
async function startWorld(file: string) {
  const settings = {
    BANK_MEDIAN_MS: '5',
    BANK_SESSION_MEDIAN_MS: '0',
    BANK_HICCUP_PROBABILITY: '0',
    LEDGER_FILE: file,
    INVENTORY_URL: 'http://127.0.0.1:9',
    FLAGS_FILE: '/nowhere/flags.json',
  }
  const child = run({ BANK_PORT: '0', LINK_PORT: '0', ERP_PORT: '0', ...settings })
  const lines = createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> })
  for await (const line of lines) {
    const url = /^bank listening on (\S+)$/.exec(line)?.[1]
    if (url !== undefined) return { process: child, ...createBankClient(url) }
  }
  throw new Error('The world ended before it listened.')
}

function run(settings: Record<string, string>): ChildProcess {
  const main = join(import.meta.dirname, '../../infra/world/main.ts')
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH ?? '', ...settings } })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function textOf(child: ChildProcess): Promise<string> {
  let text = ''
  child.stderr?.on('data', (chunk) => {
    text += chunk
  })
  await once(child, 'close')
  return text
}

function linesIn(text: string): { orderId: string; state: string }[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
}
