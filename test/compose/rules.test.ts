// The alert rules as Prometheus itself understands them: every rule fires when it should and is silent when it should.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, inject, test } from 'vitest'
import { alerts } from '../../grafana/alerts/index.ts'
import { json } from '../../grafana/ask.ts'
import { eventually } from '../helpers/eventually.ts'
import { docker, root, type Stack, stackWith } from './docker.ts'
import { firingAlerts } from './sightings/alerts.ts'

const folder = 'test/grafana/alerts'

let stack: Stack
beforeAll(async () => {
  stack = await stackWith(inject('backend'))
})

test('promtool finds each rule firing and silent where the cases say so', { timeout: 120_000 }, async () => {
  const cases = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yml'))
  const image = stack.config.services.prometheus?.image ?? ''
  const mounted = ['--rm', `--volume=${root}:/lab:ro`, `--workdir=/lab/${folder}`, '--entrypoint=promtool']
  const { code, stdout, stderr } = await docker(['run', ...mounted, image, 'test', 'rules', ...cases])
  expect(code, stdout + stderr).toBe(0)
  expect(stdout.match(/SUCCESS/g)).toHaveLength(cases.length)
})

test('Prometheus has read every rule, evaluates it without an error, and no alert fires while all is calm', {
  timeout: 180_000,
}, async () => {
  const answer = (await json(`${stack.url('PROMETHEUS_PORT')}/api/v1/rules?type=alert`)) as {
    data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
  }
  const rules = answer.data.groups.flatMap((group) => group.rules)
  expect(rules.map(({ name }) => name).sort()).toEqual(alerts.map(({ name }) => name).sort())
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([])
  // Files before this one break things; what looks back for hours remembers it, and may.
  await eventually(
    'no alert with a workshop window fires',
    async () => expect(await firingAlerts(new URL(stack.url('PROMETHEUS_PORT')))).toEqual([]),
    { withinMs: 150_000, everyMs: 2_000 },
  )
})
