// The flag file: settings become rules in flagd's JSON schema and can be read back from it. Pure.
// https://flagd.dev/reference/flag-definitions/
import { isDeepStrictEqual } from 'node:util'
import type { Flag, Setting } from '../kit/flags/flag.ts'

/** JsonLogic, as flagd evaluates it. */
type Rule = { [operator: string]: unknown }

/** One flag in the file. What was asked for stays in `metadata`, whose values flagd wants flat. */
export type FlagEntry = {
  state: 'ENABLED' | 'DISABLED'
  variants: Record<string, string>
  defaultVariant: string
  targeting?: Rule
  metadata?: Record<string, string | number | boolean>
}

/** Other members (`$evaluators`, flags that nobody here knows) belong to whoever wrote them. */
export type FlagFile = { $schema?: string; flags: Record<string, FlagEntry> } & Record<string, unknown>

/** What the file says about a flag: the setting in it, unless it is calm, and whether somebody else wrote the rule. */
export type Found = { setting?: Setting; isEditedByHand: boolean }

const schemaUrl = 'https://flagd.dev/schema/v0/flags.json'
/** `fractional` takes whole weights: shares are exact to a thousandth of a per cent. */
const wholeWeight = 100_000

/** The file in which every flag is calm. */
export const calmFile = (flags: readonly Flag[]): FlagFile => ({
  $schema: schemaUrl,
  flags: Object.fromEntries(flags.map((flag) => [flag.name, calmEntry(flag)])),
})

/** The file with one flag's entry replaced; everything else in it stays as it is. */
export function withSetting(file: FlagFile, flag: Flag, setting: Setting): FlagFile {
  return { ...file, flags: { ...file.flags, [flag.name]: entryOf(flag, setting) } }
}

/** What the file says about a flag. A rule that the workshop did not write is reported, not interpreted. */
export function findSetting(file: FlagFile, flag: Flag): Found {
  const entry = file.flags[flag.name]
  if (entry === undefined || isDeepStrictEqual(entry, calmEntry(flag))) return { isEditedByHand: false }
  const setting = settingOf(flag, entry)
  if (setting === undefined) return { isEditedByHand: true }
  return { setting, isEditedByHand: !isDeepStrictEqual(entry, entryOf(flag, setting)) }
}

/** @throws Error a sentence, when the text is not a flag file. */
export function parseFlagFile(text: string): FlagFile {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch (cause) {
    throw new Error(`it is not JSON (${(cause as Error).message})`, { cause })
  }
  const flags = isObject(file) ? file.flags : undefined
  if (!isObject(flags)) throw new Error('it has no object "flags"')
  const broken = Object.entries(flags).find(([, entry]) => !isObject(entry) || !isObject(entry.variants))
  if (broken !== undefined) throw new Error(`its flag "${broken[0]}" has no object "variants"`)
  return file as FlagFile
}

export const formatFlagFile = (file: FlagFile): string => `${JSON.stringify(file, undefined, 2)}\n`

function calmEntry(flag: Flag): FlagEntry {
  const variants = Object.fromEntries(flag.variants.map((variant) => [variant, variant]))
  return { state: 'ENABLED', variants, defaultVariant: flag.calm }
}

function entryOf(flag: Flag, setting: Setting): FlagEntry {
  const calm = calmEntry(flag)
  if (setting.variant === flag.calm) return calm
  const metadata = metadataOf(setting)
  const conditions = conditionsOf(setting)
  const chosen = setting.share === undefined ? setting.variant : shareOf(flag, setting.variant, setting.share)
  if (conditions.length === 0 && typeof chosen === 'string') return { ...calm, defaultVariant: chosen, metadata }
  const targeting =
    conditions.length === 0 && typeof chosen !== 'string' ? chosen : { if: [{ and: conditions }, chosen, flag.calm] }
  return { ...calm, targeting, metadata }
}

function conditionsOf({ where = {}, until }: Setting): Rule[] {
  const matches = Object.entries(where).map(([key, value]) => ({ '==': [{ var: key }, value] }))
  if (until === undefined) return matches
  return [...matches, { '<': [{ var: '$flagd.timestamp' }, Math.ceil(Date.parse(until) / 1000)] }]
}

/** The flag's own name is part of what is hashed: two flags at 10 % must not hit the same tenth. */
function shareOf(flag: Flag, variant: string, share: number): Rule {
  const weight = Math.round(share * wholeWeight)
  const by = { cat: [{ var: '$flagd.flagKey' }, { var: flag.shareBy }] }
  return {
    fractional: [by, [variant, weight], [flag.calm, wholeWeight - weight]],
  }
}

const wherePrefix = 'where.'

function metadataOf({ variant, share, where = {}, until }: Setting): Record<string, string | number> {
  const matches = Object.entries(where).map(([key, value]) => [wherePrefix + key, value])
  return {
    variant,
    ...(share === undefined ? {} : { share }),
    ...Object.fromEntries(matches),
    ...(until === undefined ? {} : { until }),
  }
}

/** From the metadata, or from what a text editor changes most easily: the default. */
function settingOf(flag: Flag, { metadata, defaultVariant, targeting, state }: FlagEntry): Setting | undefined {
  if (state === 'DISABLED') return undefined
  const { variant, share, until, ...rest } = metadata ?? {}
  if (typeof variant !== 'string') {
    const isPlain = targeting === undefined && defaultVariant !== flag.calm && flag.variants.includes(defaultVariant)
    return isPlain ? { flag: flag.name, variant: defaultVariant } : undefined
  }
  const matches = Object.entries(rest).flatMap(([key, value]) =>
    key.startsWith(wherePrefix) ? [[key.slice(wherePrefix.length), String(value)]] : [],
  )
  return {
    flag: flag.name,
    variant,
    ...(typeof share === 'number' ? { share } : {}),
    ...(matches.length === 0 ? {} : { where: Object.fromEntries(matches) }),
    ...(typeof until === 'string' ? { until } : {}),
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
