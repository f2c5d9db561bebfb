// The bank as payment meets it: idempotent, final about voids, as slow as banks are.

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type BankOptions, buildBank } from '../../infra/world/bank.ts'
import { logNormal } from '../../infra/world/latency.ts'
import { openLedger } from '../../infra/world/ledger.ts'
import { createQuota } from '../../infra/world/quota.ts'
import type { Flag } from '../../services/kit/flags/flag.ts'
import type { Flags } from '../../services/kit/flags/watch.ts'
import { createRandom } from '../../services/kit/random.ts'
import { issuers, users, userWithEmptyCard } from '../../services/kit/seed.ts'
import { median } from '../../services/lens/statistics.ts'
import { createBankClient } from '../helpers/bank-client.ts'
import { eventually } from '../helpers/eventually.ts'
import { fixedFlags } from '../helpers/fixed-flags.ts'
import { createClient } from '../helpers/shop.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

const usual = { medianMs: 0, validForMs: 60_000 }
const [customer] = users
const order = { amountCents: 1_500, card: customer?.cardToken, issuer: customer?.issuer }

describe('an authorisation', () => {
  test('that is asked for many times at once is one line in the books, and every answer is the same', async () => {
    const { send, books } = await startBank()
    const path = `/authorisations/${randomUUID()}`

    const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', path, order)))

    for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 200, body: answers[0]?.body })
    expect(await books()).toEqual([['authorised', 1_500]])
  })

  test('that is asked for again with another amount keeps the first', async () => {
    const { send, books } = await startBank()
    const path = `/authorisations/${randomUUID()}`
    await send('POST', path, order)

    expect((await send('POST', path, { ...order, amountCents: 9 })).body).toMatchObject({ amountCents: 1_500 })
    expect(await books()).toEqual([['authorised', 1_500]])
  })

  test('is declined for the card with no credit, and for a card that nobody has', async () => {
    const { send, books } = await startBank()
    const empty = users.find(({ id }) => id === userWithEmptyCard)

    const broke = await send('POST', `/authorisations/${randomUUID()}`, { ...order, card: empty?.cardToken })
    const stranger = await send('POST', `/authorisations/${randomUUID()}`, { ...order, card: 'tok_of_nobody' })

    expect([broke.body.state, stranger.body.state]).toEqual(['declined', 'declined'])
    expect(await books()).toEqual([
      ['declined', 1_500],
      ['declined', 1_500],
    ])
  })

  test('of exactly what the card can bear is authorised, and of a cent more is not', async () => {
    const { send } = await startBank()
    const empty = users.find(({ id }) => id === userWithEmptyCard)
    const ask = (amountCents: number) =>
      send('POST', `/authorisations/${randomUUID()}`, { amountCents, card: empty?.cardToken, issuer: empty?.issuer })

    expect((await ask(empty?.limitCents ?? 0)).body.state).toBe('authorised')
    expect((await ask((empty?.limitCents ?? 0) + 1)).body.state).toBe('declined')
  })
})

describe('a void', () => {
  test('before its authorisation leaves a mark, and the late authorisation is told so', async () => {
    const { send, books } = await startBank()
    const path = `/authorisations/${randomUUID()}`

    const answers = [await send('POST', `${path}/void`, {}), await send('POST', path, order)]

    expect(answers.map(({ status, body }) => [status, body.state])).toEqual(Array(2).fill([200, 'voided']))
    expect(await books()).toEqual([['voided', 0]])
  })

  test('twice is one void, and nothing is captured after it', async () => {
    const { send, books } = await startBank()
    const path = `/authorisations/${randomUUID()}`
    await send('POST', path, order)

    await Promise.all([send('POST', `${path}/void`, {}), send('POST', `${path}/void`, {})])

    expect((await send('POST', `${path}/capture`, {})).status).toBe(409)
    expect(await books()).toEqual([
      ['authorised', 1_500],
      ['voided', 1_500],
    ])
  })
})

describe('a capture', () => {
  test('twice takes the money once, and a void after it changes nothing', async () => {
    const { send, books } = await startBank()
    const path = `/authorisations/${randomUUID()}`
    await send('POST', path, order)

    const captures = await Promise.all([send('POST', `${path}/capture`, {}), send('POST', `${path}/capture`, {})])
    const late = await send('POST', `${path}/void`, {})

    expect([...captures, late].map(({ body }) => body.state)).toEqual(['captured', 'captured', 'captured'])
    expect(await books()).toEqual([
      ['authorised', 1_500],
      ['captured', 1_500],
    ])
  })

  test('of nothing, or of what was declined, is refused', async () => {
    const { send } = await startBank()
    const declined = `/authorisations/${randomUUID()}`
    await send('POST', declined, { ...order, card: 'tok_of_nobody' })

    expect((await send('POST', `/authorisations/${randomUUID()}/capture`, {})).status).toBe(409)
    expect((await send('POST', `${declined}/capture`, {})).status).toBe(409)
  })
})

describe('its time to answer', () => {
  test('is what it was told in the median, give or take a quarter, and more for slower issuers', async () => {
    const medianMs = 200
    // At once: each bank draws from the same seed, whoever asks the others meanwhile.
    const own = new Map<string, number>()
    await Promise.all(
      issuers.map(async ({ name, latencyFactor }) => {
        const { answeredMs, ownMs } = await mediansOf(medianMs, name)
        expect(answeredMs, name).toBeGreaterThan(medianMs * latencyFactor * 0.75)
        expect(ownMs, name).toBeLessThan(medianMs * latencyFactor * 1.25)
        own.set(name, ownMs)
      }),
    )
    expect(own.get('aurora')).toBeLessThan(own.get('cirrus') ?? 0)
    expect(own.get('cirrus')).toBeLessThan(own.get('delta') ?? 0)
  })

  test('is drawn from the seed: the same seed waits the same, and one in a hundred takes twice the median', () => {
    const draws = (seed: number) => {
      const random = createRandom(seed)
      return Array.from({ length: 10_000 }, () => logNormal(random, 35, 0.3)).sort((a, b) => a - b)
    }
    const sorted = draws(1)

    expect(sorted[5_000]).toBeGreaterThan(34)
    expect(sorted[5_000]).toBeLessThan(36)
    expect((sorted[9_900] ?? 0) / (sorted[5_000] ?? 1)).toBeCloseTo(2, 0)
    expect(draws(1)).toEqual(sorted)
    expect(draws(2)).not.toEqual(sorted)
  })
})

test('a company’s card waits for a bookkeeper, another one does not, and the books say the same', async () => {
  const { send, books } = await startBank({ flags: fixedFlags({ 'company-cards': 'approved' }) })
  const took = async (tier: string) => {
    const user = users.find((one) => one.tier === tier)
    const startedAt = performance.now()
    const body = { amountCents: 1_500, card: user?.cardToken, issuer: user?.issuer }
    expect((await send('POST', `/authorisations/${randomUUID()}`, body)).body.state).toBe('authorised')
    return performance.now() - startedAt
  }
  const [company, person] = await Promise.all([took('business'), took('gold')])
  expect(company).toBeGreaterThan(500)
  expect(person).toBeLessThan(400)
  expect(await books()).toHaveLength(2)
})

test('asks to be asked again as often as it was told to, the same requests for the same seed', async () => {
  const hiccupsOf = async () => {
    const { send, books } = await startBank({ hiccupProbability: 0.3 })
    const statuses: number[] = []
    for (let i = 0; i < 60; i++) statuses.push((await send('POST', `/authorisations/${randomUUID()}`, order)).status)
    expect(await books()).toHaveLength(statuses.filter((status) => status === 200).length)
    return statuses
  }

  const statuses = await hiccupsOf()

  const share = statuses.filter((status) => status === 503).length / statuses.length
  expect(share).toBeGreaterThan(0.15)
  expect(share).toBeLessThan(0.45)
  expect(await hiccupsOf()).toEqual(statuses)
})

describe('a tight quota', () => {
  test('takes two of an issuer at once, and refuses the third until a permit is there again', async () => {
    const { send, books } = await startBank({ flags: fixedFlags({ 'bank-quota': 'tight' }) })
    const ask = () => send('POST', `/authorisations/${randomUUID()}`, order)

    const answers = await Promise.all([ask(), ask(), ask()])
    const [other] = await Promise.all([send('POST', `/authorisations/${randomUUID()}`, { ...order, issuer: 'delta' })])

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 429])
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1')
    expect(other?.status).toBe(200)
    await eventually('there is room again', async () => expect((await ask()).status).toBe(200))
    expect((await books()).every(([state]) => state === 'authorised')).toBe(true)
  })

  test('is not for what ends an order: everything that is held can be captured or given back', async () => {
    const { send } = await startBank({ flags: fixedFlags({ 'bank-quota': 'tight' }) })
    const path = `/authorisations/${randomUUID()}`
    await send('POST', path, order)

    const answers = await Promise.all(Array.from({ length: 6 }, () => send('POST', `${path}/capture`, {})))

    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
  })

  test('fills up steadily, each key on its own, and never beyond its brim', () => {
    let nowMs = 0
    const quota = createQuota(10, 2, () => nowMs)
    const taken = (atMs: number, key = 'a') => {
      nowMs = atMs
      return quota.take(key)
    }

    expect([taken(0), taken(0), taken(0), taken(0, 'b')]).toEqual([true, true, false, true])
    expect([taken(99), taken(100), taken(150)]).toEqual([false, true, false])
    expect([taken(10_000), taken(10_000), taken(10_000)]).toEqual([true, true, false])
  })
})

describe('a session', () => {
  test('is asked for: without one, with a made-up one or with another bank’s nothing is answered or written', async () => {
    const { url, books } = await startBank()
    const [mine, others] = [createClient(url), createClient((await startBank()).url)]
    const foreign = String((await others.send('POST', '/sessions')).body.session)
    const path = `/authorisations/${randomUUID()}`
    const longer = `${(Date.now() + 1e6).toString(36)}.${foreign.split('.')[1]}`

    for (const session of [undefined, '', 'x', 'x.y', foreign, longer]) {
      const headers = session === undefined ? {} : { authorization: `Bearer ${session}` }
      expect((await mine.send('POST', path, order, headers)).status, session).toBe(401)
    }
    expect(await books()).toEqual([])
  })

  test('ends when its time is up, and the next one is as good', async () => {
    const { url } = await startBank({ session: { medianMs: 0, validForMs: 1_500 } })
    const { send } = createClient(url)
    const opened = await send('POST', '/sessions')
    const headers = { authorization: `Bearer ${opened.body.session}` }
    const ask = () => send('POST', `/authorisations/${randomUUID()}`, order, headers)

    expect(opened).toMatchObject({ status: 201, body: { validForMs: 1_500 } })
    expect((await ask()).status).toBe(200)
    await eventually('it has ended', async () => expect((await ask()).status).toBe(401))
    expect((await createBankClient(url).send('POST', `/authorisations/${randomUUID()}`, order)).status).toBe(200)
  })
})

test('says with each answer how long it took, which is what its caller waited, less the way', async () => {
  const { send } = await startBank({ medianMs: 40 })
  await send('POST', `/authorisations/${randomUUID()}`, order)
  const startedAt = performance.now()

  const { headers } = await send('POST', `/authorisations/${randomUUID()}`, order)

  const waitedMs = performance.now() - startedAt
  const ownMs = Number(/^bank;dur=([\d.]+)$/.exec(headers.get('server-timing') ?? '')?.[1])
  expect(ownMs).toBeGreaterThan(10)
  expect(ownMs).toBeLessThanOrEqual(waitedMs + 1)
})

describe('an issuer that asks its customer first', () => {
  const asksCirrus: Flags = {
    revision: 'fixed',
    pick: (_flag: Flag, about: Record<string, string>) => (about['shop.card_issuer'] === 'cirrus' ? 'step-up' : 'none'),
  }
  const withIssuer = (issuer: string) => ({ ...order, issuer })

  test('keeps the shop waiting for most of a second, and nobody else does', async () => {
    const { send } = await startBank({ flags: asksCirrus })
    const waitMs = async (issuer: string) => {
      const startedAt = performance.now()
      expect((await send('POST', `/authorisations/${randomUUID()}`, withIssuer(issuer))).body.state).toBe('authorised')
      return performance.now() - startedAt
    }

    const [asked, ...others] = await Promise.all(['cirrus', 'aurora', 'borealis', 'delta'].map(waitMs))

    expect(asked).toBeGreaterThan(450)
    expect(Math.max(...others)).toBeLessThan(450)
  })

  test('asks about the authorisation alone: what follows it takes no longer', async () => {
    const { send, books } = await startBank({ flags: asksCirrus })
    const path = `/authorisations/${randomUUID()}`
    await send('POST', path, withIssuer('cirrus'))
    const startedAt = performance.now()

    await send('POST', `${path}/capture`, {})

    expect(performance.now() - startedAt).toBeLessThan(300)
    expect(await books()).toEqual([
      ['authorised', 1_500],
      ['captured', 1_500],
    ])
  })

  test('is asked twice when the shop asks twice, and the money is held once', async () => {
    const { send, books } = await startBank({ flags: asksCirrus })
    const path = `/authorisations/${randomUUID()}`

    const answers = await Promise.all([1, 2].map(() => send('POST', path, withIssuer('cirrus'))))

    expect(answers.map(({ body }) => body.state)).toEqual(['authorised', 'authorised'])
    expect(await books()).toEqual([['authorised', 1_500]])
  })
})

type Bank = { medianMs?: number; hiccupProbability?: number; flags?: Flags; session?: BankOptions['session'] }

async function startBank({ medianMs = 0, hiccupProbability = 0, flags = fixedFlags({}), session = usual }: Bank = {}) {
  const ledger = await openLedger(join(await makeTempFolder(), 'ledger.jsonl'))
  const bank = buildBank({ ledger, flags, random: createRandom(1), medianMs, hiccupProbability, session })
  onTestFinished(async () => {
    await bank.close()
    await ledger[Symbol.asyncDispose]()
  })
  const url = await bank.listen({ host: '127.0.0.1', port: 0 })
  const books = async () => {
    const lines = (await text(ledger.read())).split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    return lines.map(({ state, amountCents }) => [state, amountCents])
  }
  return { url, ...createBankClient(url), books }
}

/** How long an issuer's answers took, and the same less the way there and back, which a bank tells that answers at once. */
async function mediansOf(medianMs: number, issuer: string): Promise<{ answeredMs: number; ownMs: number }> {
  const [slow, prompt] = await Promise.all([startBank({ medianMs }), startBank()])
  const tookMs = async ({ send }: typeof slow) => {
    const startedAt = performance.now()
    await send('POST', `/authorisations/${randomUUID()}`, { ...order, issuer })
    return performance.now() - startedAt
  }
  const answered: number[] = []
  const own: number[] = []
  for (let i = 0; i < 21; i++) {
    const [took, wayMs] = await Promise.all([tookMs(slow), tookMs(prompt)])
    answered.push(took)
    own.push(took - wayMs)
  }
  return { answeredMs: median(answered), ownMs: median(own) }
}
