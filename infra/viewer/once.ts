// One copy of what repeats. Names, routes, SQL and resources come with every export; the store must not keep each of them.
import type { Attributes } from '../../services/lens/trace.ts'

/** Gives back the copy that is already there, when there is one. */
export type Once = { text(text: string): string; resource(resource: Attributes): Attributes }

/** Long texts rarely repeat, and both maps start over when full: order ids and the like would fill them for ever. */
export function createOnce({ maxTexts = 20_000, maxResources = 200, maxLength = 512 } = {}): Once {
  const texts = new Map<string, string>()
  const resources = new Map<string, Attributes>()
  return {
    text: (text) => (text.length > maxLength ? text : kept(texts, text, text, maxTexts)),
    resource: (resource) => kept(resources, JSON.stringify(resource), resource, maxResources),
  }
}

function kept<T>(map: Map<string, T>, key: string, value: T, max: number): T {
  const known = map.get(key)
  if (known !== undefined) return known
  if (map.size >= max) map.clear()
  map.set(key, value)
  return value
}
