// The bank's own books: one line per thing that happened, on disk before anybody hears of it.
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'

export type LedgerState = 'authorised' | 'declined' | 'voided' | 'captured'
export type LedgerLine = { orderId: string; state: LedgerState; amountCents: number; reference: string; at: string }

type Decided = Pick<LedgerLine, 'state' | 'amountCents'>

/** What an order comes to, given what the books say of it; undefined leaves them as they are. */
type Decision = (before: Decided | undefined) => Decided | undefined

export type Ledger = AsyncDisposable & {
  /** Decides on an order and writes that down, in one step. Answers what the books say then, once it is on disk. */
  enter(orderId: string, decide: Decision): Promise<LedgerLine | undefined>
  /** Every line ever written, oldest first, as JSON lines. */
  read(): Readable
}

/** Opens or creates the ledger. A last line cut short by a crash was never answered for, and is dropped. */
export async function openLedger(file: string): Promise<Ledger> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'a+')
  const latest = createMemory()
  let bytes = 0
  for await (const line of wholeLines(file)) {
    bytes += Buffer.byteLength(line) + 1
    latest.keep(JSON.parse(line))
  }
  await handle.truncate(bytes)
  const { append, synced, size } = appender(handle, bytes)
  return {
    async enter(orderId, decide) {
      const before = latest.of(orderId)
      const decision = decide(before)
      if (decision !== undefined) {
        const line = lineOf(orderId, decision, Date.now())
        latest.keep(line)
        append(`${JSON.stringify(line)}\n`)
      }
      await synced()
      return latest.of(orderId)
    },
    // Up to the last line that is whole by now.
    read: () => (size() === 0 ? Readable.from([]) : reading(file, size() - 1)),
    [Symbol.asyncDispose]: async () => {
      await synced()
      await handle.close()
    },
  }
}

/** Orders that are kept in mind; nobody asks about one that has so many after it. The books themselves keep all. */
const mostRemembered = 20_000

/**
 * What the books say of the orders last heard of. As texts these would be the most of what this process holds, and its memory
 * would grow for a quarter of an hour: an order's id is a number of 128 bits, and the rest of its line follows from three others.
 */
function createMemory() {
  const latest = new Map<bigint, Decided & { atMs: number }>()
  return {
    keep({ orderId, state, amountCents, at }: LedgerLine) {
      const key = numberOf(orderId)
      // The order that was last heard of comes last, so that the first is the one to forget.
      latest.delete(key)
      latest.set(key, { state, amountCents, atMs: Date.parse(at) })
      const [oldest] = latest.keys()
      if (latest.size > mostRemembered && oldest !== undefined) latest.delete(oldest)
    },
    of(orderId: string): LedgerLine | undefined {
      const known = latest.get(numberOf(orderId))
      return known && lineOf(orderId, known, known.atMs)
    },
  }
}

const lineOf = (orderId: string, { state, amountCents }: Decided, atMs: number): LedgerLine => ({
  ...{ orderId, state, amountCents },
  ...{ reference: `bk-${orderId.slice(0, 8)}`, at: new Date(atMs).toISOString() },
})

const numberOf = (uuid: string): bigint => BigInt(`0x${uuid.replaceAll('-', '')}`)

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
