import { expect, test } from 'vitest'
import { traceOf, withoutTrace } from '../../infra/postgres/trace-of.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'
const comment = `/*traceparent='00-${traceId}-${spanId}-01'*/`

test('finds the trace and the span in the comment behind a statement', () => {
  expect(traceOf(`SELECT 1 ${comment}`)).toEqual({ traceId, spanId })
})

test('finds them between other keys of the same comment', () => {
  expect(traceOf(`SELECT 1 /*db='x',traceparent='00-${traceId}-${spanId}-00',tracestate='y'*/`)).toEqual({
    traceId,
    spanId,
  })
})

test('takes the last comment: a message may quote an earlier statement', () => {
  const other = comment.replace(traceId, 'f'.repeat(32))
  expect(traceOf(`SELECT 1 ${other} … SELECT 2 ${comment}`)?.traceId).toBe(traceId)
})

test.for([
  'SELECT 1',
  `SELECT '${comment.slice(0, -8)}'`,
  "SELECT 1 /*traceparent='00-xyz'*/",
  `SELECT 1 /*traceparent='01-${traceId}-${spanId}-01'*/`,
])('finds nothing in %s', (text) => {
  expect(traceOf(text)).toBeUndefined()
})

test('takes the comment out of what people read and keeps others', () => {
  expect(withoutTrace(`SELECT /* why */ 1 ${comment}`)).toBe('SELECT /* why */ 1')
})
