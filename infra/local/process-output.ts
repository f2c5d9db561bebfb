// What a child process writes: kept in a bounded file, its last lines in memory, and the lines a person should see told.
import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'

export type Output = {
  /** Attaches the streams of a process that was (re)started. */
  follow(stdout: Readable, stderr: Readable): void
  /** Writes a line of the runner's own between the process's lines. */
  note(line: string): void
  lastLines(): string[]
  close(): void
}

export type OutputOptions = {
  /** Truncated at start; a second file with `.1` appended takes over what no longer fits. */
  file: string
  onImportant: (line: string) => void
  /** Called with each line of ordinary output. */
  onLine?: (line: string) => void
  maxBytes?: number
}

const keptLines = 200

export function openOutput({ file, onImportant, onLine, maxBytes = 4_000_000 }: OutputOptions): Output {
  mkdirSync(dirname(file), { recursive: true })
  let descriptor = openSync(file, 'w')
  let bytes = 0
  const lines: string[] = []
  const startOver = () => {
    closeSync(descriptor)
    renameSync(file, `${file}.1`)
    descriptor = openSync(file, 'w')
    bytes = 0
  }
  const write = (line: string) => {
    try {
      if (bytes > maxBytes) startOver()
      bytes += writeSync(descriptor, `${line}\n`)
    } catch {
      // A full disk must not end the runner.
    }
    lines.push(line)
    if (lines.length > keptLines) lines.shift()
  }
  return {
    follow(stdout, stderr) {
      eachLine(stdout, (line) => {
        write(line)
        const message = errorIn(line)
        if (message !== undefined) onImportant(message)
        else onLine?.(line)
      })
      eachLine(stderr, (line) => {
        write(line)
        if (!/^(\s|Debugger |For help|Waiting for the debugger)/.test(line)) onImportant(errorIn(line) ?? line)
      })
    },
    note: write,
    lastLines: () => [...lines],
    close: () => closeSync(descriptor),
  }
}

/** The message of a JSON line that is an error: pino's, its level a number or a word, or one that OpenTelemetry complains in. */
function errorIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const { level, msg, err, message, stack } = JSON.parse(line) as JsonLine
    if (stack !== undefined) return message
    const isError = typeof level === 'number' ? level >= 50 : level === 'error' || level === 'fatal'
    return isError ? [msg, err?.message].filter(Boolean).join(': ') : undefined
  } catch {
    return undefined
  }
}

type JsonLine = { level?: unknown; msg?: string; err?: { message?: string }; message?: string; stack?: string }

function eachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(-100_000)
    for (const line of lines) if (line !== '') onLine(line)
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
}
