// Drills over HTTP. What a drill is about is told by the reveal and by nothing else.
import type { FastifyInstance } from 'fastify'
import { parse } from '../../kit/http/parse.ts'
import { mechanisms } from '../../lens/why/mechanisms.ts'
import { AskedFix, StartDrill } from '../contract.ts'
import { Answer, components, mechanismIds } from './answer.ts'
import type { Drills } from './drills.ts'

const worded = (id: (typeof mechanismIds)[number]) => ({
  id,
  says: id === 'none' ? 'nothing is wrong' : mechanisms[id],
})

export function addDrillRoutes(app: FastifyInstance, { drills }: { drills: Drills }): void {
  app.post('/api/drills', async ({ body }, reply) =>
    reply.status(202).send({ current: drills.start(parse('body', StartDrill, body ?? {})) }),
  )
  app.get('/api/drills', async () => ({ results: drills.board() }))
  app.get('/api/drills/vocabulary', async () => ({ components, mechanisms: mechanismIds.map(worded) }))
  app.get('/api/drills/current', async () => ({ current: drills.current() }))
  app.post('/api/drills/current/hint', async () => drills.hint())
  app.post('/api/drills/current/answer', async ({ body }) => drills.answer(parse('body', Answer, body)))
  app.post('/api/drills/current/fix', async ({ body }) => ({
    current: await drills.ship(parse('body', AskedFix, body).fix),
  }))
  app.post('/api/drills/current/reveal', async () => drills.reveal())
}
