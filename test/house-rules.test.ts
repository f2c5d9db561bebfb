// The style as code: who may import whom, names written once, the environment read in one place, papers that agree.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { envExample } from '../infra/local/env-example.ts'
import packageJson from '../package.json' with { type: 'json' }
import { metrics } from '../services/kit/telemetry/names.ts'
import { scenarios } from '../services/workshop/scenarios/index.ts'
import { shopFlags } from '../services/workshop/shop-flags.ts'

const root = resolve(import.meta.dirname, '..')
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const sources = files.filter((file) => /\.(ts|mjs)$/.test(file))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** Files that a file imports, relative to the root; packages left out. */
function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    relative(root, resolve(root, dirname(file), match[1] as string)),
  )
}

/** The room of a file: `services/api`, `loadtest`, `infra/viewer`, `test`. */
function roomOf(file: string): string {
  const [first, second] = file.split('/') as [string, string]
  return first === 'services' || first === 'infra' ? `${first}/${second}` : first
}

const shopServices = ['services/api', 'services/inventory', 'services/payment', 'services/pricing']
/** Data of the kit that imports nothing else: rooms that may not know the kit may know these. */
const kitData = [
  'telemetry/names.ts',
  'telemetry/prometheus-names.ts',
  'slo.ts',
  'limits.ts',
  'seed.ts',
  'ports.ts',
  'random.ts',
].map((name) => `services/kit/${name}`)
/** Whoever has flags of its own. */
const flagRooms = [...shopServices, 'infra/world']
const isContract = (file: string) => /^services\/\w+\/contract\.ts$/.test(file)
const isFlags = (file: string) => /^(services\/\w+|infra\/world)\/flags\.ts$/.test(file)

/** Which imports out of its own room a room may have. Rooms not named here (infra, test) are only held to the last rule. */
const edges: Record<string, (imported: string) => boolean> = {
  'services/kit': () => false,
  ...Object.fromEntries(
    shopServices.map((room) => [room, (file: string) => roomOf(file) === 'services/kit' || isContract(file)]),
  ),
  'services/lens': (file) => kitData.includes(file),
  'services/workshop': (file) =>
    ['services/kit', 'services/lens', 'loadtest'].includes(roomOf(file)) || isContract(file) || isFlags(file),
  'infra/viewer': (file) => roomOf(file) === 'services/lens' || roomOf(file) === 'services/kit',
  grafana: (file) => kitData.includes(file),
  'infra/world': (file) => roomOf(file) === 'services/kit',
}

test.for(Object.keys(edges))('%s imports only what it may', (room) => {
  const strays = sources
    .filter((file) => roomOf(file) === room)
    .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })))
    .filter(({ imported }) => roomOf(imported) !== room && !edges[room]?.(imported))
  expect(strays).toEqual([])
})

test('the pure part of loadtest imports data of the kit only, and the driver nothing of any other room', () => {
  // What reads the environment or starts k6's container.
  const drivers = ['loadtest/baseline.ts', 'loadtest/config.ts', 'loadtest/load.ts', 'loadtest/node/k6.ts']
  const strays = sources
    .filter((file) => roomOf(file) === 'loadtest' && !drivers.includes(file))
    .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })))
    .filter(({ imported }) => roomOf(imported) !== 'loadtest' && !kitData.includes(imported))
  expect(strays).toEqual([])
})

test('the data that every room may know imports nothing but such data', () => {
  const strays = kitData.filter((file) => importsOf(file).some((imported) => !kitData.includes(imported)))
  expect(strays).toEqual([])
})

test('nothing imports tests', () => {
  const strays = sources.filter((file) => roomOf(file) !== 'test' && file !== 'vitest.config.ts')
  expect(strays.filter((file) => importsOf(file).some((imported) => roomOf(imported) === 'test'))).toEqual([])
})

test('every service has the same files', () => {
  const expected = ['app', 'config', 'contract', 'errors', 'flags', 'main', 'signals', 'store'].map(
    (name) => `${name}.ts`,
  )
  for (const room of shopServices) {
    expect(
      expected.filter((name) => !files.includes(`${room}/${name}`)),
      room,
    ).toEqual([])
  }
})

test('every module of the kit is used outside of the tests', () => {
  const users = (module: string) =>
    sources.filter((file) => importsOf(file).includes(module) && roomOf(file) !== 'test')
  const loadedByFlag = ['services/kit/telemetry/hook.ts', 'services/kit/telemetry/register.ts']
  const modules = sources.filter((file) => roomOf(file) === 'services/kit' && !loadedByFlag.includes(file))
  const lonely = modules.filter((module) => users(module).length === 0)
  expect(lonely).toEqual([])
})

test('the environment is read where a process starts, and nowhere else', () => {
  const entries = /(^|\/)(main|start|prepare|migrate|cli|baseline|load|bench|register)\.ts$/
  const readers = sources.filter((file) => roomOf(file) !== 'test' && /process\.env\b/.test(read(file)))
  expect(readers.filter((file) => !entries.test(file))).toEqual([])
})

test('a metric is named in names.ts and nowhere else', () => {
  const own = Object.values(metrics)
  const literal = (file: string) => own.filter((name) => read(file).includes(`'${name}'`))
  const strays = sources
    .filter((file) => file.startsWith('services/') && file !== 'services/kit/telemetry/names.ts')
    .filter((file) => literal(file).length > 0)
  expect(strays).toEqual([])
})

test('every flag that changes code is picked by exactly one service, or by the world', () => {
  const code = shopFlags.filter((flag) => !flag.name.endsWith('-edge'))
  for (const flag of code) {
    const declared = sources.filter((file) => isFlags(file) && read(file).includes(`'${flag.name}'`))
    expect(declared, flag.name).toHaveLength(1)
    const constant = new RegExp(`export const (\\w+) = defineFlag\\(\\{\\s*name: '${flag.name}'`).exec(
      read(declared[0] as string),
    )?.[1]
    const pickers = sources.filter(
      (file) => flagRooms.includes(roomOf(file)) && read(file).includes(`pick(${constant}`),
    )
    expect(new Set(pickers.map(roomOf)), flag.name).toEqual(new Set([roomOf(declared[0] as string)]))
  }
})

test('scenario ids are unique, and each has a file of its name', () => {
  const ids = scenarios.map((scenario) => scenario.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !files.includes(`services/workshop/scenarios/${id}.ts`))).toEqual([])
})

test('every npm command in a README exists', () => {
  const readmes = files.filter((file) => file.endsWith('README.md'))
  const commands = readmes.flatMap((file) =>
    [...read(file).matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] as string),
  )
  expect(commands.length).toBeGreaterThan(0)
  expect(commands.filter((command) => !(command in packageJson.scripts))).toEqual([])
})

test('every path in a README exists', () => {
  const readmes = files.filter((file) => file.endsWith('README.md'))
  const missing = readmes.flatMap((file) =>
    [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map((match) => join(dirname(file), match[1] as string))
      .filter((path) => !existsSync(join(root, path))),
  )
  expect(missing).toEqual([])
})

test('.env.example is what the schemas say', () => {
  expect(read('.env.example')).toBe(envExample())
})

test('dependencies are pinned to exact versions', () => {
  const versions = Object.entries({ ...packageJson.dependencies, ...packageJson.devDependencies })
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
})

test('the code is formatted, linted and typed', { timeout: 240_000 }, async () => {
  const run = (program: string, ...args: string[]) =>
    promisify(execFile)(join(root, 'node_modules/.bin', program), args, { cwd: root })
  await expect(run('biome', 'check', '--error-on-warnings', '.')).resolves.toBeDefined()
  await expect(run('tsc', '-p', '.')).resolves.toBeDefined()
})
