// Drills over HTTP. What a drill is about is told by the reveal and by nothing else.
import type { FastifyInstance } from 'fastify'
import { parse } from '../../kit/http/parse.ts'
import { StartDrill } from '../contract.ts'
import { Answer } from './answer.ts'
import type { Drills } from './drills.ts'

export function addDrillRoutes(app: FastifyInstance, { drills }: { drills: Drills }): void {
  app.post('/api/drills', async ({ body }, reply) =>
    reply.status(202).send({ current: drills.start(parse('body', StartDrill, body ?? {})) }),
  )
  app.get('/api/drills', async () => ({ results: drills.board() }))
  app.get('/api/drills/current', async () => ({ current: drills.current() }))
  app.post('/api/drills/current/hint', async () => drills.hint())
  app.post('/api/drills/current/answer', async ({ body }) => drills.answer(parse('body', Answer, body)))
  app.post('/api/drills/current/reveal', async () => drills.reveal())
}
