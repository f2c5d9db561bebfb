// Which k6 the comparison with the Node driver is made with.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { k6Image } from '../../../infra/compose/k6-image.ts'
import { k6Here } from '../../../infra/local/bench/k6-here.ts'

const only = (there: string) => async (program: string, args: string[]) =>
  program === there || args.includes(there) ? 'k6 v1.8.1' : undefined

test('the program, where there is one, before the shop', async () => {
  expect(await k6Here('k6', only('k6'))).toMatchObject({
    program: 'nice',
    args: ['-n', '-10', 'k6'],
    says: 'k6 v1.8.1, before others where this user may',
  })
})

test('as anybody else where nobody can go before others', async () => {
  const ask = async (program: string) => (program === 'k6' ? 'k6 v1.8.1' : undefined)
  expect(await k6Here('k6', ask)).toMatchObject({ program: 'k6', args: [], says: 'k6 v1.8.1' })
})

test('else the container, which fetches nothing and reads the lessons', async () => {
  const k6 = await k6Here('k6', only('docker'))
  expect(k6).toMatchObject({ program: 'docker', folder: '/loadtest', says: 'k6 v1.8.1, in its container' })
  expect(k6?.args).toEqual(expect.arrayContaining(['--network=host', '--pull=never', k6Image]))
  expect(k6?.args).toContainEqual(expect.stringMatching(/loadtest:\/loadtest:ro$/))
})

test('somebody who names a program gets no other', async () => {
  expect(await k6Here('/opt/k6', only('docker'))).toBeUndefined()
})

test('none where there is neither', async () => {
  expect(await k6Here('k6', only('nothing'))).toBeUndefined()
})

test('the image is the one that the containers use', async () => {
  const compose = await readFile(resolve(import.meta.dirname, '../../../docker-compose.yml'), 'utf8')
  expect(compose).toContain(`image: ${k6Image}\n`)
})
