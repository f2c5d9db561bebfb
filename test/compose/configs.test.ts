// Every configuration file, as the program that reads it judges it; and each of them refuses a key that it does not know.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { ruleFiles } from '../../grafana/alerts/files.ts'
import { docker, root, stackWith } from './docker.ts'

type Check = {
  name: string
  image: string
  /** Folder of the configuration, and where the container has it. */
  folder: string
  at: string
  /** A file of it, and a key that no version has. */
  file: string
  entrypoint?: string
  args: string[]
}

const collector = (backend: string): Check => ({
  name: `collector with ${backend}`,
  ...{ image: 'otel/opentelemetry-collector-contrib:0.159.0', folder: 'infra/collector', at: '/etc/collector' },
  file: `backends/${backend}.yaml`,
  args: [
    'validate',
    ...['collector', 'redaction', ...backendsWith(backend)].map((name) => `--config=/etc/collector/${name}.yaml`),
  ],
})
const backendsWith = (traces: string) => ['prometheus', 'loki', traces].map((name) => `backends/${name}`)

const checks: Check[] = [
  ...['tempo', 'jaeger', 'zipkin'].map(collector),
  { ...collector('tempo'), name: 'collector itself', file: 'collector.yaml' },
  {
    ...{ name: 'prometheus', image: 'prom/prometheus:v3.14.0', folder: 'infra/prometheus', at: '/etc/prometheus' },
    ...{
      file: 'prometheus.yml',
      entrypoint: '/bin/promtool',
      args: ['check', 'config', '/etc/prometheus/prometheus.yml'],
    },
  },
  {
    ...{
      name: 'prometheus rules',
      image: 'prom/prometheus:v3.14.0',
      folder: 'infra/prometheus',
      at: '/etc/prometheus',
    },
    ...{ file: 'rules/pipeline.yml', entrypoint: '/bin/promtool' },
    args: ['check', 'rules', ...Object.keys(ruleFiles()).map((name) => `/etc/prometheus/rules/${name}`)],
  },
  {
    ...{ name: 'loki', image: 'grafana/loki:3.7.6', folder: 'infra/loki', at: '/etc/loki', file: 'loki.yaml' },
    args: ['-verify-config', '-config.file=/etc/loki/loki.yaml'],
  },
  {
    ...{ name: 'jaeger', image: 'jaegertracing/jaeger:2.13.0', folder: 'infra/jaeger', at: '/etc/jaeger' },
    ...{ file: 'jaeger.yaml', args: ['validate', '--config=/etc/jaeger/jaeger.yaml'] },
  },
]

const tempo: Check = {
  ...{ name: 'tempo', image: 'grafana/tempo:3.0.3', folder: 'infra/tempo', at: '/etc/tempo', file: 'tempo.yaml' },
  args: ['-config.verify', '-config.file=/etc/tempo/tempo.yaml'],
}
// Without its image there is nobody to judge it.
if (inject('backend') === 'tempo') checks.push(tempo)

test.for(checks)('$name is valid, and with an unknown key it is not', { timeout: 60_000 }, async (check) => {
  const copy = await mkdtemp(join(tmpdir(), 'shop-config-'))
  onTestFinished(() => rm(copy, { recursive: true, force: true }))
  await cp(join(root, check.folder), copy, { recursive: true })
  const good = await judged(check, copy)
  expect(good.code, good.stderr + good.stdout).toBe(0)

  const file = join(copy, check.file)
  await writeFile(file, `${await readFile(file, 'utf8')}\nno_such_key: true\n`)
  const bad = await judged(check, copy)
  expect(bad.code).not.toBe(0)
  expect(bad.stderr + bad.stdout).toContain('no_such_key')
})

async function judged({ image, at, entrypoint, args }: Check, folder: string) {
  const changed = entrypoint === undefined ? [] : [`--entrypoint=${entrypoint}`]
  const mounts = ['--tmpfs=/volumes/collector:mode=1777', '--tmpfs=/tmp', `--volume=${folder}:${at}:ro`, '--user=0']
  return docker(['run', '--rm', '--network=none', '--pull=never', ...mounts, ...changed, image, ...args])
}

test.for(['tempo', 'jaeger', 'zipkin'] as const)(
  'compose with %s has one service for traces, and no other',
  async (backend) => {
    const { config } = await stackWith(backend)
    const tracing = Object.keys(config.services).filter((name) => ['tempo', 'jaeger', 'zipkin'].includes(name))
    expect(tracing).toEqual([backend])
    const stores = config.services.collector?.command?.filter((argument) => argument.includes('/backends/'))
    expect(stores).toEqual(
      ['prometheus', 'loki', backend].map((name) => `--config=/etc/collector/backends/${name}.yaml`),
    )
  },
)

test('the stack that runs is the one that was checked', async () => {
  const running = (await stackWith(inject('backend'))).config.services
  for (const { image } of checks.filter(({ name }) => name !== 'jaeger' && !name.startsWith('collector with')))
    expect(Object.values(running).map((service) => service.image)).toContain(image)
})
