// The whole lab as real processes, for stack tests: ports and data of its own, gone afterwards.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LabOptions, startLab } from '../../infra/local/lab.ts'
import type { ProcessSpec } from '../../infra/local/topology.ts'
import { viewerSource } from '../../services/lens/sources/viewer.ts'
import { audit } from '../../services/workshop/audit.ts'
import { createClient, type Lines } from './shop.ts'

export type TestLab = Awaited<ReturnType<typeof startTestLab>>

/** Far from the default ports, different for every test process, and below those that systems give to outgoing calls. */
export const portBase = 10_000 + (process.pid % 140) * 100

export type TestLabOptions = LabOptions & {
  /** Variables added to single processes. */
  env?: Record<string, Record<string, string>>
  /** Processes left out; the workshop, unless a test is about it. */
  without?: string[]
}

/** Starts a lab without traffic and waits until everything answers. */
export async function startTestLab({ env = {}, without = ['workshop'], ...options }: TestLabOptions = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'slow-sometimes-lab-'))
  await chmod(dataDir, 0o755)
  const inherit = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' }
  const processes = (specs: ProcessSpec[]) =>
    specs
      .filter((spec) => !without.includes(spec.name))
      .map((spec) => ({ ...spec, env: { ...spec.env, ...env[spec.name] } }))
  const lab = await startLab({ portBase, dataDir, traffic: false, inherit, processes, ...options })
  await Promise.race([lab.failed, Promise.all(lab.processes.map(({ name }) => lab.ready(name)))])
  return {
    ...lab,
    client: createClient(lab.urls.api),
    source: viewerSource(new URL(lab.urls.viewer)),
    audit: () => audit({ databaseUrl: lab.databaseUrl('auditor'), bankUrl: lab.urls.bank }),
    /** Ends it at once, without waiting for telemetry to be taken. */
    discard: async () => {
      await lab.killAll()
      await rm(dataDir, { recursive: true, force: true })
    },
    [Symbol.asyncDispose]: async () => {
      await lab[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Buys the same cart `count` times, one after another, so that code is compiled, pools are filled and prices cached. */
export async function warmUp(lab: TestLab, lines: Lines, count = 30): Promise<void> {
  for (let i = 0; i < count; i++) await lab.client.checkout(lines, { userId: 'u003' })
}

/** The trace id that a response's `traceresponse` names. */
export function traceIdOf(answer: { headers: Headers }): string {
  return answer.headers.get('traceresponse')?.split('-')[1] ?? 'no traceresponse'
}
