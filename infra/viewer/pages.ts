// The pages: one HTML document, its modules and styles, and Preact and htm as npm installed them. Nothing is built.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { notFound } from './errors.ts'

const folder = join(import.meta.dirname, 'pages')
const resolve = createRequire(import.meta.url).resolve

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const vendor: Record<string, string> = {
  'preact.mjs': resolve('preact'),
  'hooks.mjs': resolve('preact/hooks'),
  'htm.mjs': join(dirname(resolve('htm')), 'htm.mjs'),
}

export function registerPages(app: FastifyInstance): void {
  const files = new Map(readdirSync(folder).map((name) => [name, join(folder, name)]))
  const policy = policyFor(readFileSync(join(folder, 'index.html'), 'utf8'))
  const page = (reply: FastifyReply) =>
    sendFile(reply.header('content-security-policy', policy), join(folder, 'index.html'))

  app.get('/', async (_, reply) => page(reply))
  app.get('/trace/:id', async (_, reply) => page(reply))
  app.get<{ Params: { name: string } }>('/pages/:name', async ({ params }, reply) =>
    sendNamed(reply, files, params.name),
  )
  const vendored = new Map(Object.entries(vendor))
  app.get<{ Params: { name: string } }>('/vendor/:name', async ({ params }, reply) =>
    sendNamed(reply, vendored, params.name),
  )
}

/** Only files of the map are served: no path from outside ever reaches the file system. */
async function sendNamed(reply: FastifyReply, files: Map<string, string>, name: string): Promise<FastifyReply> {
  const path = files.get(name)
  if (path === undefined) throw notFound(`There is no file ${name} here`)
  return sendFile(reply, path)
}

async function sendFile(reply: FastifyReply, path: string): Promise<FastifyReply> {
  const type = types[extname(path)] ?? 'application/octet-stream'
  return reply
    .header('cache-control', 'no-cache')
    .type(type)
    .send(await readFile(path))
}

/** Nothing from elsewhere, no inline script but the import map and the theme switch, named here by their hashes. */
function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script(?:(?!src=)[^>])*>([\s\S]*?)<\/script>/g)].map(([, code = '']) => code)
  const hashes = inline.filter((code) => code !== '').map((code) => `'sha256-${sha256(code)}'`)
  return `default-src 'self'; script-src 'self' ${hashes.join(' ')}; img-src 'self' data:; frame-ancestors 'self'`
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64')
