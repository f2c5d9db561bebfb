// Work that ends when there is no use in going on, as a bench does when a process of its lab is given up.
import { expect, test } from 'vitest'
import { signalOf, unlessAborted } from '../../../infra/local/bench/unless-aborted.ts'

const forever = () => new Promise<never>(() => {})

test('ends with the sentence of the process that was given up, while the work still waits for it', async () => {
  const failure = Promise.withResolvers<never>()
  const working = unlessAborted(signalOf(failure.promise), forever)
  failure.reject(new Error('api keeps ending (exit code 1).'))
  await expect(working).rejects.toThrow('api keeps ending')
})

test('does not even begin once it is known', async () => {
  let isBegun = false
  const work = async () => {
    isBegun = true
  }
  await expect(unlessAborted(AbortSignal.abort(new Error('over')), work)).rejects.toThrow('over')
  expect(isBegun).toBe(false)
})

test('gives what the work gives, and throws what it throws', async () => {
  const { signal } = new AbortController()
  expect(await unlessAborted(signal, async () => 7)).toBe(7)
  await expect(unlessAborted(signal, () => Promise.reject(new Error('own')))).rejects.toThrow('own')
})
