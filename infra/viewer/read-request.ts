// What the three signals have in common: the request object, the resource it came from, and how refusals are counted.
import type { Attributes } from '../../services/lens/trace.ts'
import { DecodeError } from './decode.ts'
import type { Once } from './once.ts'
import { attributesOf, objectOf, type Raw } from './otlp-values.ts'

/** What could be read, how many items could not, and why the first one could not. */
export type Read<T> = { items: T[]; rejected: number; why: string }

/** The process that sent a group of items. */
export type Origin = { service: string; instance?: string; resource: Attributes }

/** @throws DecodeError when the whole request is not an object */
export function requestOf(request: unknown): Raw {
  if (typeof request === 'object' && request !== null && !Array.isArray(request)) return request as Raw
  throw new DecodeError('The body is no OTLP request: expected an object')
}

/** Name and instance of the sender, with all attributes of its resource. */
export function originOf(group: Raw, once: Once): Origin {
  const resource = once.resource(attributesOf(objectOf(group, 'resource') ?? {}, once))
  const name = resource['service.name']
  const instance = resource['service.instance.id']
  return {
    service: typeof name === 'string' && name !== '' ? name : 'unknown_service',
    ...(typeof instance === 'string' ? { instance } : {}),
    resource,
  }
}

/** Sorts one result into a `Read`: an item, or the sentence that says why it is none. */
export function collect<T extends object>(read: Read<T>, result: T | string): void {
  if (typeof result !== 'string') read.items.push(result)
  else {
    read.rejected += 1
    read.why ||= result
  }
}
