// One arrival, played against the shop: prepared ahead of time, sent when it is due.
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { attributes } from '../services/kit/telemetry/names.ts'
import { type Answer, type Client, textField } from './client.ts'
import { fill, fillToText, type Journey, type Step, stepsOf, type Values } from './journeys.ts'
import type { Outcome } from './outcome.ts'
import { cartOf } from './personas.ts'
import type { Arrival } from './plan.ts'
import { type Sessions, StepFailed } from './sessions.ts'

export type VisitDeps = {
  client: Client
  sessions: Sessions
  /** Marks the telemetry of this run and keeps its idempotency keys apart from those of other runs. */
  run: string
  /** How long before it is due a visit begins. */
  aheadMs: number
  signal: AbortSignal
}

/** Undefined when the player was stopped before the arrival was due: such a visitor never came. */
export async function visit(arrival: Arrival, dueMs: number, deps: VisitDeps): Promise<Outcome | undefined> {
  const { preparation, counted } = stepsOf(arrival.journey)
  const beganMs = performance.now()
  const prepared = await prepare(arrival, preparation, deps).catch(asStepFailed)
  const readyMs = performance.now()
  // Quick enough for one that had begun in time: then it is the player who is late.
  const isUnprepared = readyMs > dueMs && readyMs - beganMs > deps.aheadMs
  await untilDue(dueMs, deps.signal)
  if (deps.signal.aborted && performance.now() < dueMs) return undefined
  if (prepared instanceof StepFailed) return notSent(arrival, dueMs, prepared)
  try {
    const outcome = answered(arrival, dueMs, await sendStep(counted, prepared, arrival, deps))
    return isUnprepared ? { ...outcome, isUnprepared } : outcome
  } catch (error) {
    return notSent(arrival, dueMs, asStepFailed(error))
  }
}

/** Waits until a point of `performance.now()`, or until stopped. Timers may fire a little early, hence the loop. */
export async function untilDue(dueMs: number, signal: AbortSignal): Promise<void> {
  for (let left = dueMs - performance.now(); left > 0 && !signal.aborted; left = dueMs - performance.now()) {
    await sleep(Math.ceil(left), undefined, { signal }).catch(() => undefined)
  }
}

/** Signs in and plays the steps before the one that counts. @throws StepFailed */
async function prepare(arrival: Arrival, steps: Journey, deps: VisitDeps): Promise<Values> {
  await deps.sessions.tokenOf(arrival.persona.userId, baggageOf(arrival, deps.run))
  let values: Values = { cart: cartOf(arrival.persona), key: `${deps.run}-${arrival.iteration}` }
  for (const step of steps) {
    const answer = await sendStep(step, values, arrival, deps)
    const kept = (step.keep ?? []).map((name) => [name, textField(answer.body, name)])
    const isComplete = answer.status >= 200 && answer.status < 300 && kept.every(([, value]) => value !== undefined)
    if (!isComplete) throw new StepFailed(step.name, answer)
    values = { ...values, ...Object.fromEntries(kept) }
  }
  return values
}

/** Sends a step as the arrival's user; when the shop refuses the token, signs in anew and sends it once more. */
async function sendStep(step: Step, values: Values, arrival: Arrival, deps: VisitDeps): Promise<Answer> {
  const { userId } = arrival.persona
  const baggage = baggageOf(arrival, deps.run)
  const own = Object.entries(step.headers ?? {}).map(([name, text]) => [name, fillToText(text, values)])
  const send = (token: string) =>
    deps.client.send({
      method: step.method,
      path: fillToText(step.path, values),
      headers: { ...baggage, authorization: `Bearer ${token}`, ...Object.fromEntries(own) },
      body: step.body === undefined ? undefined : fill(step.body, values),
    })

  const token = await deps.sessions.tokenOf(userId, baggage)
  const first = await send(token)
  if (first.status !== 401) return first
  deps.sessions.forget(userId, token)
  const second = await send(await deps.sessions.tokenOf(userId, baggage))
  return { ...second, sentAtMs: first.sentAtMs }
}

function baggageOf(arrival: Arrival, run: string): Record<string, string> {
  return { baggage: `${attributes.persona}=${arrival.persona.name},${attributes.run}=${run}` }
}

function answered(arrival: Arrival, dueMs: number, answer: Answer): Outcome {
  const orderId = textField(answer.body, 'orderId')
  return {
    arrival,
    dueEpochMs: epochOf(dueMs),
    latencyMs: answer.endedAtMs - dueMs,
    startLagMs: answer.sentAtMs - dueMs,
    requestMs: answer.endedAtMs - answer.sentAtMs,
    ...described(answer),
    ...(orderId === undefined ? {} : { orderId }),
  }
}

function notSent(arrival: Arrival, dueMs: number, { step, answer }: StepFailed): Outcome {
  const latencyMs = Math.max(0, answer.endedAtMs - dueMs)
  return { arrival, dueEpochMs: epochOf(dueMs), latencyMs, startLagMs: 0, failedStep: step, ...described(answer) }
}

function described({ status, traceId, isUntraced, code }: Answer) {
  return {
    status,
    ...(traceId === undefined ? {} : { traceId }),
    ...(isUntraced ? { isUntraced } : {}),
    ...(code === undefined ? {} : { code }),
  }
}

/** A point of `performance.now()` on the wall clock. */
export const epochOf = (atMs: number): number => performance.timeOrigin + atMs

function asStepFailed(error: unknown): StepFailed {
  if (error instanceof StepFailed) return error
  throw error
}
