// What comes between the trials of a search for the knee.
import { expect, test } from 'vitest'
import { settled } from '../../../infra/local/bench/knee.ts'

test('a search goes on as soon as the shop is quick again', async () => {
  const rests: number[] = []
  await settled(async (rest) => {
    rests.push(rest)
    return rest === 3
  })
  expect(rests).toEqual([1, 2, 3])
})

test('a shop that does not come back ends the search with a sentence', async () => {
  const searching = settled(async () => false)
  await expect(searching).rejects.toThrow('The shop is not quick again after 40 s at 10/s')
})
