// The runner's last will: should it be killed without a chance to clean up, a tiny shell ends what it had started.
import { spawn } from 'node:child_process'

export interface Lifeline extends Disposable {
  /** What to end now if the runner died: process groups, and Postgres, whose own children follow it. */
  protects(groups: number[], postgres: number | undefined): void
}

/** Each line replaces the last will. When the pipe closes, the runner is gone (or has disposed of this, leaving nothing to end). */
const script = `
groups= postgres=
while read -r g p; do groups=$g postgres=$p; done
[ "$groups$postgres" = -- ] && exit 0
for g in $(echo "$groups" | tr , ' '); do [ "$g" = - ] || kill -s TERM -- "-$g" 2>/dev/null; done
sleep 2
for g in $(echo "$groups" | tr , ' '); do [ "$g" = - ] || kill -s KILL -- "-$g" 2>/dev/null; done
[ "$postgres" = - ] || kill -s INT "$postgres" 2>/dev/null
exit 0`

export function openLifeline(): Lifeline {
  const shell = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  shell.unref()
  const will = (groups: number[], postgres: number | undefined) => {
    if (!shell.stdin.destroyed) shell.stdin.write(`${groups.join(',') || '-'} ${postgres ?? '-'}\n`)
  }
  will([], undefined)
  return {
    protects: will,
    [Symbol.dispose]() {
      will([], undefined)
      shell.stdin.end()
    },
  }
}
