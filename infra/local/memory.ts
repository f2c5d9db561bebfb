// How much memory the lab takes, process by process: shared pages are counted once over all of them (PSS).
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

export type Memory = {
  /** Bytes by name. Postgres's processes are added up. */
  bytes: Record<string, number>
  totalBytes: number
  /** `pss`, or `rss` where the system does not tell; the sum is then too high. */
  measure: 'pss' | 'rss'
}

/** Measures the given processes and everything they started. */
export async function memoryOf(pids: Record<string, number>): Promise<Memory> {
  const parents = await parentsByPid()
  const measured = await Promise.all(
    Object.entries(pids).map(async ([name, pid]) => {
      const parts = await Promise.all(withDescendants(pid, parents).map(bytesOf))
      return { name, bytes: parts.reduce((sum, part) => sum + part.bytes, 0), isPss: parts.every((part) => part.isPss) }
    }),
  )
  return {
    bytes: Object.fromEntries(measured.map(({ name, bytes }) => [name, bytes])),
    totalBytes: measured.reduce((sum, { bytes }) => sum + bytes, 0),
    measure: measured.every(({ isPss }) => isPss) ? 'pss' : 'rss',
  }
}

/** Linux tells a process's proportional share; elsewhere, and in containers that forbid it, its resident size must do. */
async function bytesOf(pid: number): Promise<{ bytes: number; isPss: boolean }> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  const pss = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]
  if (pss !== undefined) return { bytes: Number(pss) * 1024, isPss: true }
  const rss = await ps(['-o', 'rss=', '-p', String(pid)])
  return { bytes: Number(rss.trim() || 0) * 1024, isPss: rss.trim() === '' }
}

function withDescendants(pid: number, parents: Map<number, number>): number[] {
  const children = [...parents].filter(([, parent]) => parent === pid).map(([child]) => child)
  return [pid, ...children.flatMap((child) => withDescendants(child, parents))]
}

async function parentsByPid(): Promise<Map<number, number>> {
  if (process.platform !== 'linux') return asPairs(await ps(['-A', '-o', 'pid=,ppid=']))
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0}`
    }),
  )
  return asPairs(lines.join('\n'))
}

function asPairs(text: string): Map<number, number> {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  return new Map(lines.flatMap(([pid, parent]) => (pid && parent !== undefined ? [[pid, parent] as const] : [])))
}

const ps = (args: string[]): Promise<string> =>
  promisify(execFile)('ps', args).then(
    ({ stdout }) => stdout,
    () => '',
  )
