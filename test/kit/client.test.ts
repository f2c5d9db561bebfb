// Calls between services, against peers on a bad day.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DeadlineExceeded } from '../../services/kit/errors.ts'
import { createPeer, PeerError, PeerUnavailable } from '../../services/kit/http/client.ts'
import { deadlineIn } from '../../services/kit/http/deadline.ts'
import { eventually } from '../helpers/eventually.ts'
import {
  startGarbageServer,
  startHalfAnsweringServer,
  startRefusingServer,
  startScriptedServer,
  startSilentServer,
} from '../helpers/misbehaving.ts'

const ok = { status: 200, body: { fine: true } }
const call = (urls: string[], withinMs = 5_000) => callOf(createPeer('stock', urls), withinMs)
const callOf = (peer: ReturnType<typeof createPeer>, withinMs = 5_000) =>
  peer.call({
    method: 'POST',
    path: '/x',
    body: { a: 1 },
    answer: z.object({ fine: z.boolean() }),
    deadline: deadlineIn(withinMs),
  })

test('uses the instances of a peer in turn', async () => {
  const servers = [await startScriptedServer(ok), await startScriptedServer(ok)]
  const peer = createPeer(
    'stock',
    servers.map(({ url }) => url),
  )

  for (let i = 0; i < 4; i++) expect(await callOf(peer)).toEqual({ fine: true })

  expect(servers.map(({ count }) => count())).toEqual([2, 2])
})

test('passes on what is left of its caller’s time', async () => {
  const { url, requests } = await startScriptedServer(ok)

  await call([url], 2_000)

  const left = Number(requests[0]?.headers['x-remaining-ms'])
  expect(left).toBeGreaterThan(1_000)
  expect(left).toBeLessThanOrEqual(2_000)
})

describe('tries again', () => {
  test('elsewhere when an instance refuses connections', async () => {
    const { url, count } = await startScriptedServer(ok)

    expect(await call([await startRefusingServer(), url])).toEqual({ fine: true })
    expect(count()).toBe(1)
  })

  test('elsewhere when an instance breaks off in the middle of its answer', async () => {
    const { url } = await startScriptedServer(ok)

    expect(await call([await startHalfAnsweringServer('break'), url])).toEqual({ fine: true })
  })

  test('when an instance says that it is not available', async () => {
    const { url, count } = await startScriptedServer(
      { status: 503, body: { code: 'unavailable', message: 'Later.' } },
      ok,
    )

    expect(await call([url])).toEqual({ fine: true })
    expect(count()).toBe(2)
  })

  test('three times in all, and then says what the last one said', async () => {
    const { url, count } = await startScriptedServer({ status: 503, body: { code: 'unavailable', message: 'Later.' } })

    await expect(call([url])).rejects.toMatchObject({
      name: 'PeerError',
      status: 503,
      code: 'unavailable',
      peer: 'stock',
    })
    expect(count()).toBe(3)
  })

  test('three times in all when nobody is there', async () => {
    const error = await call([await startRefusingServer()]).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(PeerUnavailable)
    expect(error).toMatchObject({
      status: 502,
      code: 'stock_unavailable',
      message: 'No instance of stock could be reached.',
    })
    expect((error as Error).cause).toBeInstanceOf(Error)
  })
})

describe('does not try again', () => {
  test.for([400, 402, 404, 409, 422, 429, 500, 502, 504])('when the answer is %i', async (status) => {
    const { url, count } = await startScriptedServer({ status, body: { code: 'no', message: 'No.', traceId: null } })

    await expect(call([url])).rejects.toMatchObject({ name: 'PeerError', status, code: 'no', message: 'No.' })
    expect(count()).toBe(1)
  })

  test('when an error has another shape, and gives it a code of its own', async () => {
    const { url } = await startScriptedServer({ status: 500, body: { oops: 'SELECT secret' } })

    await expect(call([url])).rejects.toMatchObject({ status: 500, code: 'stock_failed', message: 'stock failed.' })
  })

  test('when an answer is not what the contract says', async () => {
    const { url, count } = await startScriptedServer({ status: 200, body: { fine: 'maybe' } })

    const error = await call([url]).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(PeerError)
    expect(error).toMatchObject({ status: 502, code: 'stock_failed' })
    expect(count()).toBe(1)
  })

  test('when an answer is no JSON', async () => {
    await expect(call([await startGarbageServer()])).rejects.toMatchObject({ status: 502, code: 'stock_failed' })
  })
})

describe('gives up in time', () => {
  test.for([
    ['says nothing', startSilentServer],
    ['falls silent in the middle of its answer', () => startHalfAnsweringServer('silence')],
  ] as const)('on a peer that %s', async ([, start]) => {
    const url = await start()
    const startedAt = performance.now()

    const error = await call([url], 150).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(DeadlineExceeded)
    expect((error as Error).message).toBe('stock did not answer in time.')
    expect(performance.now() - startedAt).toBeLessThan(1_500)
  })

  test('before asking, when its caller’s time is used up', async () => {
    const { url, count } = await startScriptedServer(ok)
    const deadline = deadlineIn(1)
    await eventually('the time is used up', () => expect(deadline.remainingMs()).toBe(0))

    const asking = createPeer('stock', [url]).call({ method: 'GET', path: '/x', answer: z.any(), deadline })

    await expect(asking).rejects.toBeInstanceOf(DeadlineExceeded)
    expect(count()).toBe(0)
  })
})
