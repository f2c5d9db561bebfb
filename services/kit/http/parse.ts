// Zod at the edge: input becomes typed, or a sentence that names the field, the value and what was expected.
import type { z } from 'zod'
import { InvalidRequest } from '../errors.ts'

/**
 * Parses one part of a request.
 * @param part how the sentence calls it: `body`, `query`, `path`, `header`
 * @throws InvalidRequest listing every problem.
 */
export function parse<S extends z.ZodType>(part: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    const where = [part, ...issue.path].join('.')
    return `${where} is ${shown(valueAt(value, issue.path))}: ${issue.message}`
  })
  throw new InvalidRequest(problems.join('; '))
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value)
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = asText(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

function asText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return 'nested too deep to show'
  }
}
