// The bank's own books: one line per thing that happened, on disk before anybody hears of it.
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

export type LedgerState = 'authorised' | 'declined' | 'voided' | 'captured'
export type LedgerLine = { orderId: string; state: LedgerState; amountCents: number; reference: string; at: string }

/** What an order comes to, given what the books say of it; undefined leaves them as they are. */
type Decision = (before: LedgerLine | undefined) => { state: LedgerState; amountCents: number } | undefined

export type Ledger = AsyncDisposable & {
  /** Decides on an order and writes that down, in one step. Answers what the books say then, once it is on disk. */
  enter(orderId: string, decide: Decision): Promise<LedgerLine | undefined>
  /** Every line ever written, oldest first, as JSON lines. */
  lines(): Promise<string>
}

/** Opens or creates the ledger. A last line cut short by a crash was never answered for, and is dropped. */
export async function openLedger(file: string): Promise<Ledger> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'a+')
  const text = await wholeLines(handle)
  await handle.truncate(Buffer.byteLength(text))
  const latest = new Map<string, LedgerLine>()
  for (const line of text.split('\n')) {
    if (line !== '') latest.set(JSON.parse(line).orderId, JSON.parse(line))
  }
  const { append, synced } = appender(handle)
  return {
    async enter(orderId, decide) {
      const before = latest.get(orderId)
      const decision = decide(before)
      if (decision !== undefined) {
        const line = { orderId, ...decision, reference: `bk-${orderId.slice(0, 8)}`, at: new Date().toISOString() }
        latest.set(orderId, line)
        append(`${JSON.stringify(line)}\n`)
      }
      await synced()
      return latest.get(orderId)
    },
    lines: () => wholeLines(handle),
    [Symbol.asyncDispose]: async () => {
      await synced()
      await handle.close()
    },
  }
}

/** Lines that arrive while the disk is busy share the next sync. */
function appender(handle: FileHandle) {
  let pending = ''
  let last = Promise.resolve()
  const flush = async () => {
    const batch = pending
    pending = ''
    if (batch === '') return
    await handle.appendFile(batch)
    await handle.datasync()
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
  }
}

async function wholeLines(handle: FileHandle): Promise<string> {
  const { size } = await handle.stat()
  const buffer = Buffer.alloc(size)
  await handle.read(buffer, 0, size, 0)
  const end = buffer.lastIndexOf('\n') + 1
  return buffer.toString('utf8', 0, end)
}
