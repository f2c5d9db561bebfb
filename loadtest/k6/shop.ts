// HTTP as k6 plays it: signing in, and a step of a journey as the arrival's user. Lessons and baseline alike.
import http, { type Response } from 'k6/http'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { fill, fillToText, type Step, type Values } from '../journeys.ts'
import { cartOf } from '../personas.ts'
import type { Arrival } from '../plan.ts'
import { apiUrl } from './settings.ts'

/**
 * What k6 puts on each measurement beside our own tags. Not the address: each order has its own, and a series for each would
 * fill the memory. Not the name of the executor block either: it would be one more copy of everything.
 */
export const systemTags = ['status', 'method', 'name', 'expected_response']

/** The name of requests that are not the shop's: dashboards leave it out. */
export const notTheShop = 'bookkeeping'

export const timeoutSeconds = 30

/** Session tokens by user id. Of each virtual user its own: they share nothing. */
export type Tokens = Record<string, string>

const signInStep: Step = { name: 'sign-in', method: 'POST', path: '/api/session', body: '{who}' }

export const valuesOf = (arrival: Arrival, run: string): Values => ({
  cart: cartOf(arrival.persona),
  key: `${run}-${arrival.iteration}`,
})

/** Sends a step as the arrival's user, who signs in when there is no token yet or it is over. */
export function sent(step: Step, values: Values, { persona }: Arrival, run: string, tokens: Tokens): Response {
  const baggage = { baggage: `${attributes.persona}=${persona.name},${attributes.run}=${run}` }
  const as = (token: string) => send(step, values, { ...baggage, authorization: `Bearer ${token}` })
  const answer = as(tokens[persona.userId] ?? signIn(persona.userId, baggage, tokens))
  return answer.status === 401 ? as(signIn(persona.userId, baggage, tokens)) : answer
}

/** What a later step needs of this answer; undefined when the step did not succeed. */
export function kept(step: Step, answer: Response): Values | undefined {
  if (answer.status < 200 || answer.status >= 300) return undefined
  const fields = (step.keep ?? []).map((name) => [name, field(answer, name)])
  return fields.every(([, value]) => value !== undefined) ? Object.fromEntries(fields) : undefined
}

/** A field of a JSON answer; undefined when there is none, or no JSON. */
export function field(answer: Response, name: string): string | undefined {
  try {
    const value = answer.json(name)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

export const send = (step: Step, values: Values, headers: Record<string, string>): Response => {
  const { method, url, body, params } = requestOf(step, values, headers)
  return http.request(method, url, body, params)
}

/** Signs in many at once, some at a time; who cannot is left out and tries again when they come. */
export function signInAll(userIds: readonly string[], run: string): Tokens {
  const tokens: Tokens = {}
  const headers = { baggage: `${attributes.run}=${run}` }
  for (let at = 0; at < userIds.length; at += 10) {
    const some = userIds.slice(at, at + 10)
    const answers = http.batch(some.map((userId) => requestOf(signInStep, { who: { userId } }, headers)))
    for (const [i, answer] of answers.entries()) keepToken(some[i] ?? '', answer, tokens)
  }
  return tokens
}

function signIn(userId: string, headers: Record<string, string>, tokens: Tokens): string {
  return keepToken(userId, send(signInStep, { who: { userId } }, headers), tokens)
}

function keepToken(userId: string, answer: Response, tokens: Tokens): string {
  const token = answer.status === 200 ? (field(answer, 'token') ?? '') : ''
  if (token !== '') tokens[userId] = token
  return token
}

/** No `traceparent`: the parent it names would never arrive, and every trace would look as if its beginning were lost. */
function requestOf(step: Step, values: Values, headers: Record<string, string>) {
  const own = Object.entries(step.headers ?? {}).map(([name, value]) => [name, fillToText(value, values)])
  const json = step.body === undefined ? {} : { 'content-type': 'application/json' }
  return {
    method: step.method,
    url: apiUrl + fillToText(step.path, values),
    body: step.body === undefined ? null : JSON.stringify(fill(step.body, values)),
    params: {
      headers: { accept: 'application/json', ...headers, ...json, ...Object.fromEntries(own) },
      tags: { name: step.name },
      timeout: `${timeoutSeconds}s`,
    },
  }
}
