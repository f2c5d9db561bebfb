// The only writer of the flag file: sets, lists and resets, one after the other, and waits until the services noticed.
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Flag, Setting } from '../kit/flags/flag.ts'
import { revisionOf } from '../kit/flags/watch.ts'
import { type Acknowledgement, acknowledged, type Instance, lookAt } from './acknowledge.ts'
import type { Change } from './annotations.ts'
import type { FlagState } from './contract.ts'
import { UnreadableFlagFile } from './errors.ts'
import { calmFile, type FlagFile, findSetting, formatFlagFile, parseFlagFile, withSetting } from './flag-file.ts'
import { type Asked, flagNamed, settingFor } from './settings.ts'

export type Faults = ReturnType<typeof openFaults>

export type FaultsOptions = {
  file: string
  flags: readonly Flag[]
  instances: readonly Instance[]
  /** How long services get to notice a change. */
  acknowledgeWithinMs?: number
  /** Told when the file has become another one. */
  noticed?: (change: Change) => void
}

export function openFaults({ file, flags, instances, acknowledgeWithinMs = 3000, noticed }: FaultsOptions) {
  const inTurn = createTurns()
  const calm = formatFlagFile(calmFile(flags))
  const read = async (): Promise<{ text: string; content: FlagFile }> => {
    const text = await readFile(file, 'utf8').catch(ifMissing(() => calm))
    try {
      return { text, content: parseFlagFile(text) }
    } catch (cause) {
      const sentence = `The flag file ${file} cannot be used: ${(cause as Error).message}. Mend it, or reset it.`
      throw new UnreadableFlagFile(sentence, { cause })
    }
  }
  let changes = 0
  const write = async (content: FlagFile, before: string): Promise<Acknowledgement> => {
    const text = formatFlagFile(content)
    await writeWhole(file, text)
    changes += 1
    if (text !== before) noticed?.(text === calm ? 'reset' : 'changed')
    return acknowledged(instances, revisionOf(text), { withinMs: acknowledgeWithinMs })
  }

  return {
    /** Writes the calm file when there is none; one that is there stays, whoever wrote it. */
    prepare: () =>
      inTurn(async () => {
        const text = await readFile(file, 'utf8').catch(ifMissing(() => undefined))
        if (text === undefined) await writeWhole(file, calm)
      }),

    /** How often the file was written here. */
    changes: (): number => changes,

    /** Every flag as it is now, and who has noticed. */
    async list(): Promise<{ flags: FlagState[] } & Acknowledgement> {
      const { text, content } = await read()
      const states = flags.map((flag) => stateOf(flag, content, Date.now()))
      return { flags: states, ...(await lookAt(instances, revisionOf(text))) }
    },

    /** Sets one flag, replacing what was set before. @throws UnknownFlag, InvalidSetting, UnreadableFlagFile */
    set: (name: string, asked: Asked): Promise<{ setting: Setting } & Acknowledgement> =>
      inTurn(async () => {
        const flag = flagNamed(name, flags)
        const setting = settingFor(flag, asked, Date.now())
        const { text, content } = await read()
        return { setting, ...(await write(withSetting(content, flag, setting), text)) }
      }),

    /** Makes everything calm, whatever was in the file. */
    reset: (): Promise<Acknowledgement> =>
      inTurn(async () => write(calmFile(flags), await readFile(file, 'utf8').catch(ifMissing(() => calm)))),
  }
}

function stateOf(flag: Flag, content: FlagFile, nowMs: number): FlagState {
  const { setting, isEditedByHand } = findSetting(content, flag)
  const { name, variants, calm, keys, shareBy } = flag
  const isOver = setting?.until !== undefined && Date.parse(setting.until) <= nowMs
  return {
    ...{ name, variants: [...variants], calm, keys: [...keys], shareBy, isEditedByHand },
    ...(setting === undefined || isOver ? {} : { setting }),
  }
}

/** Services may read at any moment: they find the old content or the new one, never half of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text)
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

const ifMissing =
  <T>(instead: () => T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return instead()
    throw error
  }

/** Runs work one piece after the other, also when a piece fails. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }
}
