// Takes outcomes to the workshop, several at once and beside the play: a workshop that is slow delays nobody.
import type { SentOutcome } from '../outcome.ts'
import { Refused, type Workshop } from './workshop.ts'

/** As many as fit into a request. */
const atOnce = 100
const everyMs = 400
const mostFailures = 5

export interface Teller {
  add(outcome: SentOutcome): void
  /** Waits until everything is told. Why it is not, where the workshop does not listen any more. */
  finish(): Promise<string | undefined>
}

export function createTeller(workshop: Pick<Workshop, 'add'>, run: string): Teller {
  let waiting: SentOutcome[] = []
  let failures = 0
  let lost: string | undefined
  let sending: Promise<void> | undefined

  const sendAll = async () => {
    while (waiting.length > 0 && lost === undefined) {
      const batch = waiting.slice(0, atOnce)
      try {
        await workshop.add(run, batch)
        waiting = waiting.slice(batch.length)
        failures = 0
      } catch (error) {
        failures++
        if (error instanceof Refused || failures >= mostFailures) lost = (error as Error).message
        else return
      }
    }
    if (lost !== undefined) waiting = []
  }
  const send = () => {
    sending ??= sendAll().finally(() => {
      sending = undefined
    })
    return sending
  }
  const timer = setInterval(() => void send(), everyMs)

  return {
    add: (outcome) => {
      if (lost === undefined) waiting.push(outcome)
    },
    async finish() {
      clearInterval(timer)
      while (waiting.length > 0 && lost === undefined) await send()
      await sending
      return lost
    },
  }
}
