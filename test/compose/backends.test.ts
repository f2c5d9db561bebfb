// Another backend for traces by configuration alone: the same checkout looks the same in Jaeger and in Zipkin.
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Trace } from '../../services/lens/trace.ts'
import { completeTrace } from '../helpers/complete-trace.ts'
import { eventually } from '../helpers/eventually.ts'
import { cartOf, createClient } from '../helpers/shop.ts'
import { type Backend, type Stack, stackWith } from './docker.ts'
import { traceSource } from './read.ts'

const usual: Backend = inject('backend')
const others: Backend[] = (['jaeger', 'zipkin'] as const).filter((backend) => backend !== usual)

let shapeBefore: string[]
let imagesBefore: string
beforeAll(async () => {
  const stack = await stackWith(usual)
  imagesBefore = await shopImages(stack)
  shapeBefore = await shapeOfCheckout(stack)
}, 120_000)
afterAll(async () => void (await swapTo(usual)), 180_000)

test.for(others)(
  'the same checkout has the same parents in %s, and no service was changed',
  { timeout: 240_000 },
  async (backend) => {
    const stack = await swapTo(backend)
    expect(stack.missing).not.toContain(backend)

    expect(await shapeOfCheckout(stack)).toEqual(shapeBefore)
    expect(await shopImages(stack)).toBe(imagesBefore)
    console.log(`${backend}: ${shapeBefore.length} spans with the same parents as in ${usual}`)
  },
)

async function swapTo(backend: Backend): Promise<Stack> {
  const stack = await stackWith(backend)
  const options = ['--detach', '--wait', '--no-build', '--pull=never', '--remove-orphans']
  await stack.must('up', ...options, ...stack.services)
  return stack
}

/** Ids of the images and the start of the containers of the shop: a swap must not even restart them. */
async function shopImages(stack: Stack): Promise<string> {
  return stack.must('ps', '--format={{.Service}} {{.ID}}', 'api', 'inventory', 'payment-1', 'payment-2', 'pricing')
}

/** Every span with its parent, in one order. */
async function shapeOfCheckout(stack: Stack): Promise<string[]> {
  const shop = createClient(stack.url('API_PORT'))
  const source = traceSource(stack)
  return eventually(
    'a checkout is stored whole',
    async () => {
      const cart = cartOf('enamel-mug', 'felt-lamp')
      // The first one fills pricing's cache, so that the second one looks the same every time.
      await shop.checkout(cart, { userId: 'u003' })
      const answer = await shop.checkout(cart, { userId: 'u003' })
      const traceId = answer.headers.get('traceresponse')?.split('-')[1] ?? ''
      const trace = await completeTrace(source, traceId, 15_000)
      // Four in a thousand times the bank wants to be asked again: not the shape of every checkout.
      expect(trace.spans.filter(({ status }) => status === 'error')).toEqual([])
      return shapeOf(trace)
    },
    { withinMs: 60_000, everyMs: 500 },
  )
}

function shapeOf({ spans }: Trace): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const drawn = spans.map(({ service, name, kind, parentSpanId }) => {
    const parent = byId.get(parentSpanId ?? '')
    return `${service} ${kind} ${name} < ${parent === undefined ? 'nothing' : `${parent.service} ${parent.name}`}`
  })
  return drawn.sort()
}
