import type { Flag } from '../../services/kit/flags/flag.ts'
import type { Flags } from '../../services/kit/flags/watch.ts'

/** Flags that always answer the same, without a file. */
export function fixedFlags(variants: Record<string, string>): Flags {
  return { revision: 'fixed', pick: (flag: Flag) => variants[flag.name] ?? flag.calm }
}
