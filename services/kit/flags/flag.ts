// What a flag is: a choice between variants of a piece of code, as a team behind a feature flag would ship it.

/** A choice between variants. Plain data: the service picks with it, the workshop lists it. */
export type Flag<V extends string = string, K extends string = string> = {
  readonly name: string
  readonly variants: readonly V[]
  /** The variant that is on when nobody changed anything. */
  readonly calm: V
  /** Attributes that targeting may ask for. */
  readonly keys: readonly K[]
  /** The attribute whose value decides who belongs to a share: the same value always gets the same variant. */
  readonly shareBy: K | string
}

export type VariantOf<F extends Flag> = F['variants'][number]
/** What a flag must be told about the case at hand: its keys and what the share goes by. */
export type ContextOf<F extends Flag> = Readonly<Record<F['keys'][number] | F['shareBy'], string>>

/** Types a flag and nothing more. */
export function defineFlag<const V extends string, const K extends string, const S extends string>(flag: {
  name: string
  variants: readonly V[]
  calm: NoInfer<V>
  keys: readonly K[]
  shareBy: S
}): Flag<V, K> & { readonly shareBy: S } {
  return flag
}

/** Crude behaviour at a service's front door; see `kit/http/edge.ts`. */
export const edgeVariants = ['none', 'delay-250ms', 'delay-1s', 'error-503', 'reset'] as const

/** The edge flag of a service. Every service has one; health checks are never touched. */
export function defineEdgeFlag<const N extends string>(service: N) {
  return defineFlag({
    name: `${service}-edge`,
    variants: edgeVariants,
    calm: 'none',
    keys: ['url.path'],
    shareBy: 'trace_id',
  })
}

/** What somebody asked for. `share` is 0–1, `until` an ISO time, `where` exact matches on the flag's keys. */
export type Setting = {
  flag: string
  variant: string
  share?: number
  where?: Record<string, string>
  until?: string
}
