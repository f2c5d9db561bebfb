// One desk for all questions to pricing: they are put in a row, and one is answered before the next is asked.
import { metrics as meters, type ObservableResult } from '@opentelemetry/api'
import { beforeDeadline, type Deadline } from '../kit/http/deadline.ts'
import { toldAfterMs } from '../kit/limits.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { attributes, lineTexts, metrics } from '../kit/telemetry/names.ts'

export type PriceDesk = ReturnType<typeof openPriceDesk>

type Question = { orderId: string; askedAt: number; ask: () => Promise<void> }

/**
 * Open until disposed; questions that are in the row then are still answered. The desk works from the service's start on
 * and in nobody's name: what it does belongs to no request, neither its calls nor its lines.
 */
export function openPriceDesk(log: Logger) {
  const row: Question[] = []
  let someone = Promise.withResolvers<void>()
  let isOpen = true
  let longest = 0
  const unwatch = watchRow(() => {
    const told = longest
    longest = row.length
    return told
  })

  const working = (async () => {
    for (;;) {
      const question = row.shift()
      if (question !== undefined) {
        tell(log, question)
        await question.ask()
      } else if (isOpen) {
        someone = Promise.withResolvers()
        await someone.promise
      } else return
    }
  })()

  return {
    /** Does `work` when its turn comes. Throws what `work` throws, or DeadlineExceeded when time is up before; then it is not begun. */
    turn<T>(orderId: string, deadline: Deadline, work: () => Promise<T>): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const ask = async () => {
        try {
          deadline.check()
          resolve(await work())
        } catch (error) {
          reject(error)
        }
      }
      row.push({ orderId, askedAt: performance.now(), ask })
      longest = Math.max(longest, row.length)
      someone.resolve()
      return beforeDeadline(deadline, promise, 'The price was not asked for in time.')
    },
    [Symbol.asyncDispose]: async () => {
      isOpen = false
      someone.resolve()
      await working
      unwatch()
    },
  }
}

function tell(log: Logger, { orderId, askedAt }: Question): void {
  const waitedMs = Math.round(performance.now() - askedAt)
  if (waitedMs < toldAfterMs) return
  log.warn(
    { [attributes.orderId]: orderId },
    `the price of order ${orderId} waited ${waitedMs} ms ${lineTexts.waitedForTurn}`,
  )
}

/** Rows are gone within a second: it is the longest since the last observation that is told. */
function watchRow(longest: () => number): () => void {
  const gauge = meters.getMeter('shop.inventory').createObservableGauge(metrics.priceRow, { unit: '{question}' })
  const observe = (result: ObservableResult) => result.observe(longest())
  gauge.addCallback(observe)
  return () => gauge.removeCallback(observe)
}
