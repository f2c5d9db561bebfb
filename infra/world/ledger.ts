// The bank's own books: one line per thing that happened, on disk before anybody hears of it.
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'

export type LedgerState = 'authorised' | 'declined' | 'voided' | 'captured'
export type LedgerLine = { orderId: string; state: LedgerState; amountCents: number; reference: string; at: string }

/** What an order comes to, given what the books say of it; undefined leaves them as they are. */
type Decision = (before: LedgerLine | undefined) => { state: LedgerState; amountCents: number } | undefined

export type Ledger = AsyncDisposable & {
  /** Decides on an order and writes that down, in one step. Answers what the books say then, once it is on disk. */
  enter(orderId: string, decide: Decision): Promise<LedgerLine | undefined>
  /** Every line ever written, oldest first, as JSON lines. */
  read(): Readable
}

/** Orders that are kept in mind; nobody asks about one that has so many after it. The books themselves keep all. */
const mostRemembered = 20_000

/** Opens or creates the ledger. A last line cut short by a crash was never answered for, and is dropped. */
export async function openLedger(file: string): Promise<Ledger> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'a+')
  const latest = new Map<string, LedgerLine>()
  const remember = (line: LedgerLine) => {
    // The order that was last heard of comes last, so that the first is the one to forget.
    latest.delete(line.orderId)
    latest.set(line.orderId, line)
    const [oldest] = latest.keys()
    if (latest.size > mostRemembered && oldest !== undefined) latest.delete(oldest)
  }
  let bytes = 0
  for await (const line of wholeLines(file)) {
    bytes += Buffer.byteLength(line) + 1
    remember(JSON.parse(line))
  }
  await handle.truncate(bytes)
  const { append, synced, size } = appender(handle, bytes)
  return {
    async enter(orderId, decide) {
      const before = latest.get(orderId)
      const decision = decide(before)
      if (decision !== undefined) {
        const line = { orderId, ...decision, reference: `bk-${orderId.slice(0, 8)}`, at: new Date().toISOString() }
        remember(line)
        append(`${JSON.stringify(line)}\n`)
      }
      await synced()
      return latest.get(orderId)
    },
    // Up to the last line that is whole by now.
    read: () => (size() === 0 ? Readable.from([]) : reading(file, size() - 1)),
    [Symbol.asyncDispose]: async () => {
      await synced()
      await handle.close()
    },
  }
}

/** Lines that arrive while the disk is busy share the next sync. */
function appender(handle: FileHandle, bytes: number) {
  let size = bytes
  let pending = ''
  let last = Promise.resolve()
  const flush = async () => {
    const batch = pending
    pending = ''
    if (batch === '') return
    await handle.appendFile(batch)
    await handle.datasync()
    size += Buffer.byteLength(batch)
  }
  return {
    append(text: string) {
      pending += text
      // A bank that cannot write must not answer: it ends, and starts again from what is on disk.
      last = last.then(flush).catch((error: unknown) => {
        console.error('the ledger cannot be written', error)
        process.exit(1)
      })
    },
    synced: () => last,
    size: () => size,
  }
}

/** Lines that end, from the first one on; piece by piece, since books grow and memory does not. */
async function* wholeLines(file: string): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of reading(file)) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

const reading = (file: string, end = Number.POSITIVE_INFINITY) => createReadStream(file, { encoding: 'utf8', end })
