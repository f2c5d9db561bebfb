// The workshop's API as an OpenAPI document, from the very shapes that requests and answers are checked with.
import { z } from 'zod'
import * as contract from './contract.ts'
import { Answer } from './drills/answer.ts'

type Operation = {
  method: 'get' | 'put' | 'post'
  path: string
  says: string
  body?: z.ZodType
  query?: z.ZodType
  answer?: z.ZodType
  status?: number
}

/** Everything that answers JSON, in the order of the console. */
const operations: readonly Operation[] = [
  { method: 'get', path: '/healthz', says: 'Whether the workshop is there' },
  { method: 'get', path: '/api/now', says: 'What the console shows of this moment', answer: contract.Now },
  { method: 'get', path: '/api/flags', says: 'Every flag, and who has read it', answer: contract.FlagList },
  {
    ...{ method: 'put', path: '/api/flags/{name}', says: 'Sets a flag, for a share, a cohort, a time' },
    ...{ body: contract.SetFlag, answer: contract.FlagSet },
  },
  { method: 'post', path: '/api/reset', says: 'Stops and calms everything', answer: contract.Acknowledgement },
  { method: 'get', path: '/api/traffic', says: 'Whether the usual customers come', answer: contract.Traffic },
  {
    ...{ method: 'post', path: '/api/traffic', says: 'Keeps the usual customers away for a while, or lets them in' },
    ...{ body: contract.SetTraffic, answer: contract.Traffic },
  },
  { method: 'get', path: '/api/scenarios', says: 'Scenarios by their questions', answer: contract.ScenarioList },
  {
    ...{ method: 'get', path: '/api/scenarios/current', says: 'What is going on' },
    answer: contract.CurrentScenario,
  },
  {
    ...{ method: 'post', path: '/api/scenarios/{id}/start', says: 'Starts a scenario', status: 202 },
    ...{ body: contract.StartScenario, answer: contract.CurrentScenario },
  },
  { method: 'post', path: '/api/scenarios/reset', says: 'As /api/reset', answer: contract.Acknowledgement },
  { method: 'get', path: '/api/why', says: 'Why some checkouts of a time are slow', query: contract.AskedWhy },
  { method: 'get', path: '/api/drills', says: 'Who found out what', answer: contract.DrillBoard },
  {
    ...{ method: 'post', path: '/api/drills', says: 'Starts a drill', status: 202 },
    ...{ body: contract.StartDrill, answer: contract.StartedDrill },
  },
  { method: 'get', path: '/api/drills/current', says: 'How far the drill is', answer: contract.CurrentDrill },
  { method: 'post', path: '/api/drills/current/hint', says: 'The next hint, for a price', answer: contract.DrillHint },
  {
    ...{ method: 'post', path: '/api/drills/current/answer', says: 'Says what it is' },
    ...{ body: Answer, answer: contract.DrillGrade },
  },
  {
    ...{ method: 'post', path: '/api/drills/current/fix', says: 'Ships a fix for real' },
    ...{ body: contract.AskedFix, answer: contract.StartedDrill },
  },
  { method: 'post', path: '/api/drills/current/reveal', says: 'What it was; ends it', answer: contract.DrillReveal },
  { method: 'get', path: '/api/drills/vocabulary', says: 'The words that an answer may use' },
  { method: 'get', path: '/api/shop', says: 'What the storefront has, and for whom' },
  { method: 'post', path: '/api/shop/checkouts', says: 'Buys something', body: contract.Purchase },
  { method: 'get', path: '/api/loads', says: 'Load runs' },
  { method: 'post', path: '/api/loads', says: 'Starts a load run', body: contract.StartLoad, status: 201 },
  { method: 'get', path: '/api/loads/{run}', says: 'The report of a load run' },
  { method: 'get', path: '/api/loads/{run}/text', says: 'The same for a terminal' },
  { method: 'post', path: '/api/loads/{run}/outcomes', says: 'Outcomes of a player', body: contract.LoadOutcomes },
  { method: 'post', path: '/api/loads/{run}/end', says: 'Ends a load run', body: contract.EndLoad },
  { method: 'get', path: '/api/openapi.json', says: 'This document' },
]

const Refusal = z.object({ code: z.string(), message: z.string(), traceId: z.string().nullable() })

/** https://spec.openapis.org/oas/v3.1.1 */
export function openApi(): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of operations) {
    const { method, path } = operation
    paths[path] = { ...paths[path], [method]: described(operation) }
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Slow Sometimes: the workshop', version: '1', description: 'Scenarios, faults, drills and load.' },
    paths,
  }
}

function described({ path, says, body, query, answer, status = 200 }: Operation): object {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' },
  }))
  const asked = Object.entries(query === undefined ? {} : (schemaOf(query, 'input').properties ?? {})).map(
    ([name, schema]) => ({ name, in: 'query', schema }),
  )
  return {
    summary: says,
    ...(named.length + asked.length === 0 ? {} : { parameters: [...named, ...asked] }),
    ...(body === undefined ? {} : { requestBody: { content: json(schemaOf(body, 'input')) } }),
    responses: {
      [status]: { description: 'Done', ...(answer && { content: json(schemaOf(answer, 'output')) }) },
      default: { description: 'Refused, and why', content: json(schemaOf(Refusal, 'output')) },
    },
  }
}

const json = (schema: object) => ({ 'application/json': { schema } })

/** Shapes that are no JSON, such as a moment made of a text, are described by what comes in. */
const schemaOf = (shape: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(shape, { io, unrepresentable: 'any', target: 'draft-2020-12' })
