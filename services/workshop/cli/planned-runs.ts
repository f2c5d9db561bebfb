// Which proofs `slow verify` is asked for: scenarios and seeds, and the files that each is read from or kept in.
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scenario } from '../scenario.ts'
import { UsageError } from './command.ts'

export type Run = { scenario: Scenario; seed: number; record?: string; replay?: string }

type Asked = { all: boolean; seed?: number[]; record?: string; replay?: string }

/**
 * Every scenario with every seed. Several are recorded as files of a folder (`hot-product-7.json.gz`); of a folder that is
 * replayed, those that were asked for are taken, with any seed where none is named.
 */
export async function plannedRuns(which: readonly Scenario[], asked: Asked): Promise<Run[]> {
  const { seed: seeds = [1], record, replay } = asked
  if (replay !== undefined && (await isFolder(replay))) return recordingsIn(replay, which, asked)
  const runs = which.flatMap((scenario) => seeds.map((seed): Run => ({ scenario, seed })))
  const isOne = runs.length === 1
  const isFile = isOne && !(record !== undefined && (await isFolder(record)))
  if (replay !== undefined && !isOne)
    throw new UsageError(`${replay} is no folder: several recordings are read from one.`)
  if (record !== undefined && !isOne) await mkdir(record, { recursive: true })
  return runs.map((run) => ({
    ...run,
    ...(record === undefined ? {} : { record: isFile ? record : join(record, fileOf(run)) }),
    ...(replay === undefined ? {} : { replay }),
  }))
}

const fileOf = ({ scenario, seed }: Run): string => `${scenario.id}-${seed}.json.gz`

async function recordingsIn(folder: string, which: readonly Scenario[], { seed: seeds }: Asked): Promise<Run[]> {
  const names = await readdir(folder)
  const runs = which.flatMap((scenario) =>
    names.flatMap((name): Run[] => {
      const rest = name.startsWith(`${scenario.id}-`) ? name.slice(scenario.id.length + 1) : ''
      const [, seed] = /^(\d+)\.json(?:\.gz)?$/.exec(rest) ?? []
      const isAsked = seed !== undefined && (seeds === undefined || seeds.includes(Number(seed)))
      return isAsked ? [{ scenario, seed: Number(seed), replay: join(folder, name) }] : []
    }),
  )
  if (runs.length === 0) throw new UsageError(`${folder} has no recording of what was asked for.`)
  return runs.sort((a, b) => which.indexOf(a.scenario) - which.indexOf(b.scenario) || a.seed - b.seed)
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
