// Reads the flag file while the service runs: polled, validated, and the last good one kept when an editor saves half of it.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Logger } from '@openfeature/core'
import { FlagdCore } from '@openfeature/flagd-core'
import type { ContextOf, Flag, VariantOf } from './flag.ts'

export interface Flags {
  /** The variant for the case at hand; the calm one when the file is missing, broken or silent. Never throws. */
  pick<F extends Flag>(flag: F, about: ContextOf<F>): VariantOf<F>
  /** Names the file's content that is in force, `none` before there was one. Shown in `/healthz`. */
  readonly revision: string
}

/** How often the file is looked at. */
export const pollMs = 300

/** Watches a file in flagd's JSON schema until disposed. A missing file means that everything is calm. */
export async function watchFlags(file: string): Promise<Flags & Disposable> {
  let text: string | undefined
  let core = new FlagdCore(undefined, silent)
  let revision = 'none'

  const look = async () => {
    const found = await readFile(file, 'utf8').catch(() => undefined)
    if (found === text || found === undefined) return
    text = found
    const next = parsed(found)
    if (next === undefined) return
    core = next
    revision = revisionOf(found)
  }
  await look()
  const timer = setInterval(() => void look(), pollMs)
  timer.unref()

  return {
    pick: (flag, about) => pickFrom(core, flag, about),
    get revision() {
      return revision
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

/** The same content has the same revision in every process. */
export function revisionOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12)
}

function parsed(content: string): FlagdCore | undefined {
  try {
    // flagd-core takes any JSON without flags for an empty file, and everything would turn calm.
    if (typeof JSON.parse(content).flags !== 'object') return undefined
    const core = new FlagdCore(undefined, silent)
    core.setConfigurations(content)
    return core
  } catch {
    return undefined
  }
}

function pickFrom<F extends Flag>(core: FlagdCore, flag: F, about: ContextOf<F>): VariantOf<F> {
  try {
    const { value } = core.resolveStringEvaluation(flag.name, flag.calm, nested(about), silent)
    return flag.variants.includes(value) ? value : flag.calm
  } catch {
    return flag.calm
  }
}

type Context = { [key: string]: string | Context }

/** `{'shop.tier': 'gold'}` becomes `{shop: {tier: 'gold'}}`: flagd's rules read dots as paths. */
function nested(about: Readonly<Record<string, string>>): Context {
  const context: Context = {}
  for (const [key, value] of Object.entries(about)) place(context, key.split('.'), value)
  return context
}

function place(context: Context, [step = '', ...further]: string[], value: string): void {
  if (further.length === 0) {
    context[step] = value
    return
  }
  if (!Object.hasOwn(context, step)) context[step] = {}
  place(context[step] as Context, further, value)
}

// What flagd would log names flags, and log lines leave the process: see the leak test.
const silent: Logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
