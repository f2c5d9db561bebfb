// What a player says is the matter: a closed vocabulary, so that a machine can tell right from wrong.
import { z } from 'zod'
import { type MechanismId, mechanisms } from '../../lens/why/mechanisms.ts'
import { isoTime, sentence, traceIdText } from '../contract.ts'
import { parseMetric } from './metric-text.ts'

/** Who it may be: a service, or somebody whom services ask. `none` is for "nothing is wrong". */
export const components = ['api', 'inventory', 'payment', 'pricing', 'bank', 'erp', 'network', 'none'] as const
export const mechanismIds = [...Object.keys(mechanisms), 'none'] as (MechanismId | 'none')[]

const shortText = z.string().min(1, 'expected a text').max(200, 'expected at most 200 characters')

/** An attribute that slow checkouts share (any of its values, where none is given), or that none does. */
const Discriminator = z.union(
  [
    z.strictObject({ key: shortText, value: shortText.exactOptional() }),
    z.strictObject({ nothing: z.enum(['time', 'place', 'load']) }),
  ],
  sentence('{"key": …, "value": …}, or {"nothing": "time"}, "place" or "load"'),
)

export const Evidence = z.strictObject({
  trace: traceIdText.exactOptional(),
  /** A metric and labels that its series have: `shop.db.pool.waiting{service.name="inventory"}`. */
  metric: shortText
    .refine(
      (text) => parseMetric(text) !== undefined,
      'expected a metric such as shop.db.pool.waiting{service.name="inventory"}',
    )
    .exactOptional(),
  /** Lines of a service that contain a text. */
  log: z.strictObject({ service: shortText, contains: shortText }).exactOptional(),
})
export type Evidence = z.output<typeof Evidence>

export const Answer = z.strictObject({
  /** Several share the points of one. */
  components: z
    .array(z.enum(components, sentence(`one of ${components.join(', ')}`)))
    .min(1, 'expected at least one component')
    .max(components.length),
  mechanism: z.enum(mechanismIds, sentence(`one of ${mechanismIds.join(', ')}`)),
  discriminator: Discriminator.exactOptional(),
  /** When it began. */
  onset: isoTime.exactOptional(),
  /** One of the drill's fixes, by its number. */
  fix: z.number(sentence('the number of a fix')).int().min(1).exactOptional(),
  evidence: Evidence.default({}),
})
export type Answer = z.output<typeof Answer>
