// The bank does business with whoever names a session, and each is good for some seconds. One is always at hand here: its
// successor is ordered early, in the background.
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { Flags } from '../kit/flags/watch.ts'
import { beforeDeadline, type Deadline } from '../kit/http/deadline.ts'
import { attributes } from '../kit/telemetry/names.ts'
import { BankUnavailable } from './errors.ts'
import { bankSession } from './flags.ts'
import type { PaymentSignals } from './signals.ts'

export type Sessions = {
  /** A session to name in a call about the order. Throws BankUnavailable, or DeadlineExceeded when that takes too long. */
  current(orderId: string, deadline: Deadline): Promise<string>
  /** The bank does not know it any more. */
  forget(session: string): void
}

type Session = { id: string; goodUntilMs: number }
type SessionsOptions = { bankUrl: string; instance: string; flags: Flags; signals: PaymentSignals }

/** The part of its life after which a session gets a successor: what is left must be enough for the bank to answer. */
const renewAfter = 0.5
/** A session that ends sooner than this may have ended when the call arrives. */
const marginMs = 200
const retryMs = 250
const patienceMs = 5_000

/** Keeps a session at hand until disposed. */
export function openSessions({ bankUrl, instance, flags, signals }: SessionsOptions): Sessions & Disposable {
  const stop = new AbortController()
  let held: Session | undefined
  let coming: Promise<Session> | undefined

  /** Orders a session, one at a time. */
  function order(): Promise<Session> {
    coming ??= openedAt(bankUrl, stop.signal)
      .then((session) => {
        held = session
        return session
      })
      .finally(() => {
        coming = undefined
      })
    return coming
  }

  async function keepFresh(): Promise<void> {
    while (!stop.signal.aborted) {
      const session = await order().catch(() => undefined)
      const pauseMs = session === undefined ? retryMs : (session.goodUntilMs - performance.now()) * renewAfter
      await wait(pauseMs, undefined, { ref: false, signal: stop.signal }).catch(() => {})
    }
  }
  void keepFresh()

  return {
    async current(orderId, deadline) {
      const about = { [attributes.instance]: instance, [attributes.orderId]: orderId } as const
      const session = variants[flags.pick(bankSession, about)](held, coming) ?? order()
      if (!(session instanceof Promise)) return session.id
      const startedAt = performance.now()
      try {
        return (await beforeDeadline(deadline, session, 'The bank did not open a session in time.')).id
      } finally {
        signals.sessionAwaited(orderId, performance.now() - startedAt)
      }
    },
    forget(session) {
      if (held?.id === session) held = undefined
    },
    [Symbol.dispose]: () => stop.abort(),
  }
}

const variants = { 'until-replaced': untilReplaced, 'newest-only': newestOnly }

type Choice = Session | Promise<Session> | undefined

/** A session is used until its successor is there. */
function untilReplaced(held: Session | undefined, coming: Promise<Session> | undefined): Choice {
  return isGood(held) ? held : coming
}

/**
 * Once its successor is ordered the bank may end a session any time, so that from then on only the new one counts: whoever
 * comes meanwhile waits for it, although what is at hand would do. Stands for token caches that keep the promise of a token.
 */
function newestOnly(held: Session | undefined, coming: Promise<Session> | undefined): Choice {
  return coming ?? (isGood(held) ? held : undefined)
}

const isGood = (session: Session | undefined): session is Session =>
  session !== undefined && session.goodUntilMs - marginMs > performance.now()

const Opened = z.object({ session: z.string().min(1), validForMs: z.number().positive() })

async function openedAt(bankUrl: string, stop: AbortSignal): Promise<Session> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(patienceMs)])
  const broken = (cause: unknown): never => {
    throw new BankUnavailable({ cause })
  }
  // The bank counts from when it opened the session, which was some time before its answer came.
  const askedAt = performance.now()
  const response = await fetch(new URL('/sessions', bankUrl), { method: 'POST', signal }).catch(broken)
  const opened = Opened.safeParse(await response.json().catch(() => undefined))
  if (!opened.success) return broken(new Error(`HTTP ${response.status} instead of a session`))
  return { id: opened.data.session, goodUntilMs: askedAt + opened.data.validForMs }
}
