// What somebody asks for becomes a setting, or a sentence that says what is there to ask for.
import type { Flag, Setting } from '../kit/flags/flag.ts'
import { listClosest } from './closest.ts'
import { InvalidSetting, UnknownFlag } from './errors.ts'

/** As it comes in: `for` is a duration (`90s`, `5m`, `1h`) from now, `until` an ISO time; not both. */
export type Asked = {
  variant: string
  share?: number | undefined
  where?: Record<string, string> | undefined
  for?: string | undefined
  until?: string | undefined
}

/** @throws UnknownFlag listing the flags, the most similar first. */
export function flagNamed(name: string, flags: readonly Flag[]): Flag {
  const flag = flags.find((candidate) => candidate.name === name)
  if (flag !== undefined) return flag
  const names = flags.map((candidate) => candidate.name)
  throw new UnknownFlag(`There is no flag "${name}". Flags are: ${listClosest(name, names)}.`)
}

/** @throws InvalidSetting a sentence that names what does not fit and what would. */
export function settingFor(flag: Flag, asked: Asked, nowMs: number): Setting {
  checkVariant(flag, asked)
  checkShare(asked.share)
  checkWhere(flag, asked.where ?? {})
  const until = untilOf(asked, nowMs)
  const where = asked.where !== undefined && Object.keys(asked.where).length > 0 ? { where: asked.where } : {}
  const share = asked.share === undefined || asked.share === 1 ? {} : { share: asked.share }
  return { flag: flag.name, variant: asked.variant, ...share, ...where, ...(until === undefined ? {} : { until }) }
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000 }

/** @throws InvalidSetting when the text is not a duration such as `90s`, `5m` or `1h`. */
export function durationMs(text: string): number {
  const [, amount, unit] = /^(\d{1,6})(s|m|h)$/.exec(text) ?? []
  const ms = Number(amount) * unitMs[unit as keyof typeof unitMs]
  if (ms > 0) return ms
  throw new InvalidSetting(`"${text}" is not a duration: expected a number with its unit, such as 90s, 5m or 1h.`)
}

function checkVariant(flag: Flag, { variant, ...conditions }: Asked): void {
  if (!flag.variants.includes(variant)) {
    const known = `${listClosest(variant, flag.variants)} (${flag.calm} is the calm one)`
    throw new InvalidSetting(`Flag ${flag.name} has no variant "${variant}". Variants are: ${known}.`)
  }
  if (variant === flag.calm && Object.values(conditions).some((condition) => condition !== undefined)) {
    throw new InvalidSetting(
      `"${variant}" is the calm variant of ${flag.name}: set it without a share, condition or time.`,
    )
  }
}

function checkShare(share: number | undefined): void {
  if (share === undefined || (share >= 0 && share <= 1)) return
  throw new InvalidSetting(`share is ${share}: expected a number from 0 to 1, such as 0.3 for 30 %.`)
}

function checkWhere(flag: Flag, where: Record<string, string>): void {
  const unknown = Object.keys(where).find((key) => !flag.keys.includes(key))
  if (unknown === undefined) return
  const known = flag.keys.length === 0 ? 'none' : listClosest(unknown, flag.keys)
  throw new InvalidSetting(`Flag ${flag.name} does not know the attribute "${unknown}". Attributes are: ${known}.`)
}

function untilOf({ for: duration, until }: Asked, nowMs: number): string | undefined {
  if (duration !== undefined && until !== undefined)
    throw new InvalidSetting('Both "for" and "until" are given: expected one of them.')
  if (duration !== undefined) return new Date(nowMs + durationMs(duration)).toISOString()
  if (until === undefined) return undefined
  const untilMs = Date.parse(until)
  if (Number.isNaN(untilMs))
    throw new InvalidSetting(`until is "${until}": expected a time such as 2030-01-31T12:00:00Z.`)
  if (untilMs <= nowMs)
    throw new InvalidSetting(`until is "${until}", which is over: it is ${new Date(nowMs).toISOString()} now.`)
  return new Date(untilMs).toISOString()
}
