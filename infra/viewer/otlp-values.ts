// Single OTLP values: ids, times, numbers and attributes, whether they came as protobuf or as JSON.
import type { Attributes, AttributeValue } from '../../services/lens/trace.ts'
import { DecodeError } from './decode.ts'
import type { Once } from './once.ts'

/** An object of a decoded message. Nothing is known about its fields until one of the readers below has looked. */
export type Raw = Record<string, unknown>
type Long = { low: number; high: number; unsigned: boolean }

/** Values nested deeper than this are cut off: nobody reads them, and a hostile body must not exhaust the stack. */
const maxDepth = 16

/** The objects in a repeated field. Absent means none. @throws DecodeError when it is not a list of objects */
export function listOf(holder: Raw, field: string): Raw[] {
  const value = holder[field]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new DecodeError(`${field} is ${shown(value)}: expected a list`)
  for (const item of value) {
    if (!isObject(item)) throw new DecodeError(`${field} contains ${shown(item)}: expected only objects`)
  }
  return value as Raw[]
}

/** A nested message, or undefined when absent. @throws DecodeError when it is something else */
export function objectOf(holder: Raw, field: string): Raw | undefined {
  const value = holder[field]
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw new DecodeError(`${field} is ${shown(value)}: expected an object`)
  return value
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Lower-case hex of an id with so many bytes; undefined when absent, all zero or malformed. */
export function idOf(value: unknown, bytes: 8 | 16): string | undefined {
  let hex: string
  if (value instanceof Uint8Array) hex = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
  else if (typeof value === 'string') hex = value.toLowerCase()
  else return undefined
  return hex.length === bytes * 2 && isHex.test(hex) && !isZero.test(hex) ? hex : undefined
}
const isHex = /^[0-9a-f]+$/
const isZero = /^0+$/

/** 64-bit integers come as Long (protobuf), string or number (JSON). Above 2^53 the nearest double is taken. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return value.trim() === '' || Number.isNaN(Number(value)) ? undefined : Number(value)
  if (!isLong(value)) return undefined
  return (value.unsigned ? value.high >>> 0 : value.high) * 4_294_967_296 + (value.low >>> 0)
}

/**
 * Nanoseconds since the epoch as milliseconds; undefined for zero, which OTLP uses for "unknown". Both forms are split
 * before the division, because nanoseconds since 1970 do not fit into a double: whole milliseconds would not stay whole.
 */
export function millisOf(value: unknown): number | undefined {
  let millis: number
  if (typeof value === 'string' && isDigits.test(value))
    millis = Number(value.slice(0, -6)) + Number(value.slice(-6)) / 1e6
  else if (isLong(value)) millis = millisOfLong(value)
  else millis = (numberOf(value) ?? 0) / 1e6
  return millis > 0 ? millis : undefined
}
const isDigits = /^\d{1,20}$/

function millisOfLong({ high, low }: Long): number {
  const top = high >>> 0
  return Math.floor(top / 1e6) * 4_294_967_296 + ((top % 1e6) * 4_294_967_296 + (low >>> 0)) / 1e6
}

/** A list of attributes as an object. The last one wins when a key occurs twice. */
export function attributesOf(holder: Raw, once: Once, field = 'attributes', depth = 0): Attributes {
  const attributes: Attributes = {}
  for (const pair of listOf(holder, field)) {
    const key = textOf(pair.key)
    if (key === '' || key === '__proto__') continue
    attributes[once.text(key)] = plainOf(pair.value, once, depth)
  }
  return attributes
}

/** An OTLP AnyValue as a plain value. */
export function plainOf(value: unknown, once: Once, depth = 0): AttributeValue {
  if (!isObject(value) || depth > maxDepth) return null
  if (typeof value.stringValue === 'string') return once.text(value.stringValue)
  if (isSet(value, 'intValue')) return numberOf(value.intValue) ?? null
  if (typeof value.boolValue === 'boolean') return value.boolValue
  if (isSet(value, 'doubleValue')) return numberOf(value.doubleValue) ?? null
  const array = objectOf(value, 'arrayValue')
  if (array !== undefined) return listOf(array, 'values').map((item) => plainOf(item, once, depth + 1))
  const list = objectOf(value, 'kvlistValue')
  if (list !== undefined) return attributesOf(list, once, 'values', depth + 1)
  if (value.bytesValue instanceof Uint8Array) return Buffer.from(value.bytesValue).toString('base64')
  return textOf(value.bytesValue) || null
}

/** A decoded protobuf message inherits a zero for what is absent, so only its own fields count. */
const isSet = (value: Raw, field: string): boolean => Object.hasOwn(value, field) && value[field] !== null

function isLong(value: unknown): value is Long {
  return isObject(value) && typeof value.low === 'number' && typeof value.high === 'number'
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return String(JSON.stringify(value)).slice(0, 60)
}
