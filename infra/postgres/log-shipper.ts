// Follows Postgres's JSON log files while they are rotated and overwritten, and passes on each complete line once.
import { open, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export type FollowOptions = {
  logDir: string
  /** Called with each complete line. */
  onLine: (line: string) => void
  /** Where to remember how far each file was read; without it, following starts at the end of what exists. */
  positionsFile?: string
  everyMs?: number
  say?: (line: string) => void
}

/** How far a file was read, and the bytes of a line whose end was not there yet. */
type Reading = { position: number; rest: Buffer }

const chunkBytes = 256 * 1024

/** Follows all `*.json` files of a folder until disposed. The folder may not exist yet. Never throws. */
export async function followLogs(options: FollowOptions): Promise<AsyncDisposable> {
  const { everyMs = 150, say = () => {} } = options
  const stop = new AbortController()
  const readings = await startingPoints(options)
  const { positionsFile } = options
  if (positionsFile !== undefined) await writePositions(positionsFile, readings).catch(() => {})
  const loop = (async () => {
    let problem = ''
    for (;;) {
      const isLast = stop.signal.aborted
      const failure = await readAll(options, readings).then(
        () => '',
        (error: Error) => error.message,
      )
      if (failure !== problem && failure !== '') say(`cannot read Postgres's log: ${failure}`)
      problem = failure
      if (isLast) return
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  })()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await loop
    },
  }
}

async function startingPoints({ logDir, positionsFile }: FollowOptions): Promise<Map<string, Reading>> {
  const remembered = positionsFile === undefined ? undefined : await readPositions(positionsFile)
  const sizes = await Promise.all(
    (await jsonFiles(logDir)).map(async (name) => [name, await sizeOf(join(logDir, name))] as const),
  )
  // A file that is missing among the remembered ones began while nobody followed.
  const startOf = (name: string, size: number) => (remembered === undefined ? size : (remembered[name] ?? 0))
  return new Map(sizes.map(([name, size]) => [name, { position: startOf(name, size), rest: Buffer.alloc(0) }]))
}

async function readAll(
  { logDir, onLine, positionsFile }: FollowOptions,
  readings: Map<string, Reading>,
): Promise<void> {
  let hasMoved = false
  for (const name of await jsonFiles(logDir)) {
    const reading = readings.get(name) ?? { position: 0, rest: Buffer.alloc(0) }
    readings.set(name, reading)
    hasMoved = (await readOn(join(logDir, name), reading, onLine)) || hasMoved
  }
  if (hasMoved && positionsFile !== undefined) await writePositions(positionsFile, readings)
}

/** Reads what is new in one file. A file that got shorter was overwritten by rotation and is read from its start. */
async function readOn(path: string, reading: Reading, onLine: (line: string) => void): Promise<boolean> {
  await using file = await open(path)
  const { size } = await file.stat()
  if (size < reading.position) Object.assign(reading, { position: 0, rest: Buffer.alloc(0) })
  const before = reading.position
  while (reading.position < size) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, reading.position)
    if (bytesRead === 0) break
    reading.position += bytesRead
    reading.rest = takeLines(Buffer.concat([reading.rest, buffer.subarray(0, bytesRead)]), onLine)
  }
  return reading.position !== before
}

/** Splits bytes, not text: a character may be cut in two at the end of what was read. */
function takeLines(bytes: Buffer, onLine: (line: string) => void): Buffer {
  let start = 0
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    if (end > start) onLine(bytes.toString('utf8', start, end))
    start = end + 1
  }
  return Buffer.from(bytes.subarray(start))
}

async function jsonFiles(logDir: string): Promise<string[]> {
  return (await readdir(logDir).catch(() => [])).filter((name) => name.endsWith('.json')).toSorted()
}

async function sizeOf(path: string): Promise<number> {
  await using file = await open(path)
  return (await file.stat()).size
}

async function readPositions(path: string): Promise<Record<string, number> | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, number>
  } catch {
    return undefined
  }
}

/** Remembers the start of an unfinished line, so that a follower that starts again gets it whole. */
async function writePositions(path: string, readings: Map<string, Reading>): Promise<void> {
  const positions = [...readings].map(([name, { position, rest }]) => [name, position - rest.length])
  await writeFile(`${path}.new`, JSON.stringify(Object.fromEntries(positions)))
  await rename(`${path}.new`, path)
}
