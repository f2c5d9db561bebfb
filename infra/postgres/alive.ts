// Whether a process is still there.
import { readFileSync } from 'node:fs'

/** False for a zombie: it runs no more, only nobody has asked how it ended (in containers often nobody ever does). */
export function isAlive(pid: number | undefined): boolean {
  // 0 and below would ask about whole process groups.
  if (pid === undefined || !Number.isInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return !/^[ZX]/.test(processState(pid))
}

/** The state letter of Linux and what follows it; empty where the system has no such file. */
export function processState(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets before it may contain anything.
    return stat.slice(stat.lastIndexOf(')') + 2)
  } catch {
    return ''
  }
}
