// Types of ensure-installed.mjs, which is plain JavaScript because it runs before Node 24 is there.

export type InstallOptions = { say?: (line: string) => void; install?: (root: string) => void }
export function stateOf(root: string): 'missing' | 'stale' | 'fresh'
export function stamp(root: string): void
export function ensureInstalled(root: string, options?: InstallOptions): void
