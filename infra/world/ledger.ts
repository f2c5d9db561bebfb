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
  const recent = rememberOrders()
  let bytes = 0
  for await (const text of wholeLines(file)) {
    bytes += Buffer.byteLength(text) + 1
    const { orderId, at, ...decided }: LedgerLine = JSON.parse(text)
    recent.keep(orderId, decided, Date.parse(at))
  }
  await handle.truncate(bytes)
  const { append, synced, size } = appender(handle, bytes)
  return {
    async enter(orderId, decide) {
      const decided = decide(recent.of(orderId))
      if (decided !== undefined) {
        const atMs = Date.now()
        recent.keep(orderId, decided, atMs)
        append(`${JSON.stringify(lineOf(orderId, { ...decided, atMs }))}\n`)
      }
      await synced()
      const known = recent.of(orderId)
      return known && lineOf(orderId, known)
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
type Remembered = Decided & { atMs: number }

/** What the books say of the orders last heard of. An id is kept as the number it is: as texts the lines take twice the room. */
function rememberOrders() {
  const recent = new Map<bigint, Remembered>()
  return {
    keep(orderId: string, { state, amountCents }: Decided, atMs: number) {
      const key = numberOf(orderId)
      // The order that was last heard of comes last, so that the first is the one to forget.
      recent.delete(key)
      recent.set(key, { state, amountCents, atMs })
      const [oldest] = recent.keys()
      if (recent.size > mostRemembered && oldest !== undefined) recent.delete(oldest)
    },
    of: (orderId: string): Remembered | undefined => recent.get(numberOf(orderId)),
  }
}

const lineOf = (orderId: string, { state, amountCents, atMs }: Remembered): LedgerLine => ({
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
