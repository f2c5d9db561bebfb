// One visitor of a lesson: prepares, waits until due, checks out, and says what became of it.
import { sleep } from 'k6'
import exec from 'k6/execution'
import type { Response } from 'k6/http'
import { Counter, Rate, Trend } from 'k6/metrics'
import { headers } from '../../services/kit/telemetry/names.ts'
import { countOf } from '../arrival-times.ts'
import { type Step, stepsOf, type Values } from '../journeys.ts'
import { closedPart, type Lesson, partAt } from '../lessons.ts'
import { afterFailureMs, hasFailed, noAnswer, type SentOutcome } from '../outcome.ts'
import { type Arrival, arrivalAt } from '../plan.ts'
import { hasLatency, hasStartLag, isGood } from '../report.ts'
import { traceOf } from '../trace-response.ts'
import { aheadMsOf, prepareMs } from './blocks.ts'
import type { Prepared } from './set-up.ts'
import { seed } from './settings.ts'
import { field, kept, sent, valuesOf } from './shop.ts'
import { taggedIn, tagOf } from './thresholds.ts'
import { tellOutcome } from './workshop.ts'

/** Before each arrival, so that at 100 a second it takes a fifth of a processor. */
const awakeMs = 2

/** From when it was due until it was answered. k6's own http_req_duration begins when a request is sent, however late. */
const checkoutDuration = new Trend('checkout_duration', true)
/** How late it was sent, though its cart was ready. Above 5 ms k6 itself is short of time. */
const checkoutStartLag = new Trend('checkout_start_lag', true)
/** Sent late because the cart was not ready. */
const checkoutUnprepared = new Counter('checkout_unprepared')
/** Served within the time that the objective gives. */
const checkoutGood = new Rate('checkout_good')

/** The arrival of this iteration, sent at the moment that the plan says. */
export function visit(lesson: Lesson, run: Prepared): void {
  const { profile } = lesson
  const iteration = exec.scenario.iterationInTest
  // k6 may begin one more in the very moment in which the time is over.
  if (iteration >= countOf(profile)) return
  const arrival = arrivalAt(profile, seed, iteration)
  const dueMs = exec.scenario.startTime + aheadMsOf(profile) + arrival.atMs
  record(played(arrival, run, dueMs), arrival, partAt(lesson, arrival.atMs), lesson, run)
}

/** A user who comes again as soon as answered: never late, for nobody had said when they would come. */
export function visitAgain(lesson: Lesson, run: Prepared): void {
  const { profile } = lesson
  // Behind those of the profile, so that no cart and no key is used twice.
  const arrival = arrivalAt(profile, seed, countOf(profile) + exec.scenario.iterationInTest)
  const outcome = played(arrival, run)
  record(outcome, arrival, closedPart, lesson, run)
  if (hasFailed(outcome)) sleep(afterFailureMs / 1000)
}

type Played = Omit<SentOutcome, 'iteration' | 'part'>

/** Without `dueMs` it is due when it is ready. */
function played(arrival: Arrival, run: Prepared, dueMs?: number): Played {
  const { preparation, counted } = stepsOf(arrival.journey)
  const beganMs = Date.now()
  const { values, failed } = prepare(preparation, arrival, run)
  const readyMs = Date.now()
  // Quick enough for one that had begun in time: then it is the player who is late.
  const isUnprepared = dueMs !== undefined && readyMs > dueMs && readyMs - beganMs > prepareMs
  if (dueMs !== undefined) waitUntil(dueMs)
  const sentAtMs = Date.now()
  const dueEpochMs = dueMs ?? sentAtMs
  if (failed !== undefined) {
    const { step, answer } = failed
    return { dueEpochMs, latencyMs: sentAtMs - dueEpochMs, startLagMs: 0, failedStep: step.name, ...described(answer) }
  }
  const answer = sent(counted, values, arrival, run.run, run.tokens)
  const endedAtMs = Date.now()
  const orderId = field(answer, 'orderId')
  return {
    dueEpochMs,
    latencyMs: endedAtMs - dueEpochMs,
    startLagMs: sentAtMs - dueEpochMs,
    ...(isUnprepared ? { isUnprepared } : {}),
    requestMs: endedAtMs - sentAtMs,
    ...described(answer),
    ...(orderId === undefined ? {} : { orderId }),
  }
}

/** The steps before the one that counts, up to the first that does not succeed. */
function prepare(steps: readonly Step[], arrival: Arrival, { run, tokens }: Prepared) {
  let values: Values = valuesOf(arrival, run)
  for (const step of steps) {
    const answer = sent(step, values, arrival, run, tokens)
    const more = kept(step, answer)
    if (more === undefined) return { values, failed: { step, answer } }
    values = { ...values, ...more }
  }
  return { values, failed: undefined }
}

/** A sleep ends late where the shop has the processor: the last moment is waited for awake. Clocks count whole milliseconds here. */
function waitUntil(dueMs: number): void {
  for (let left = dueMs - Date.now(); left > 0; left = dueMs - Date.now()) {
    if (left > awakeMs) sleep((left - awakeMs) / 1000)
  }
}

function described(answer: Response) {
  const { status } = answer
  const code = status === 0 ? codeOf(answer) : status >= 400 ? (field(answer, 'code') ?? `http_${status}`) : undefined
  return {
    status,
    ...traceOf(answer.headers[asK6Names(headers.traceResponse)]),
    ...(code === undefined ? {} : { code }),
  }
}

/** The ones that happen, by the names that Node has for them. https://grafana.com/docs/k6/latest/javascript-api/error-codes/ */
const codes: Record<number, string> = { 1050: noAnswer.timeout, 1212: 'ECONNREFUSED', 1220: 'ECONNRESET' }
const codeOf = ({ error_code: code }: Response): string => codes[code] ?? `k6_${code}`

/** `traceresponse` is `Traceresponse` among the headers of an answer. */
const asK6Names = (header: string): string => header.charAt(0).toUpperCase() + header.slice(1)

function record(outcome: Played, arrival: Arrival, part: string | undefined, lesson: Lesson, run: Prepared): void {
  const { iteration, persona } = arrival
  const tags = {
    persona: persona.name,
    ...Object.fromEntries(taggedIn(lesson).map((key) => [tagOf(key), persona.cohort[key] ?? 'unknown'])),
    ...(part === undefined ? {} : { part }),
  }
  if (hasLatency(outcome)) checkoutDuration.add(outcome.latencyMs, tags)
  if (part !== closedPart && hasStartLag(outcome)) checkoutStartLag.add(outcome.startLagMs)
  if (outcome.isUnprepared) checkoutUnprepared.add(1)
  checkoutGood.add(isGood(outcome), tags)
  tellOutcome(run, { iteration, ...outcome, ...(part === undefined ? {} : { part }) })
}
