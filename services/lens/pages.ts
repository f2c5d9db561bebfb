// Pages: one HTML document, its modules and styles, and Preact, htm and uPlot as npm installed them. Nothing is built. What
// the viewer's and the console's pages share is in pages/.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** `folder` has index.html and what it needs; it is the answer to all of `paths`. */
export type Pages = { folder: string; paths: readonly string[] }

const shared = join(import.meta.dirname, 'pages')
const resolve = createRequire(import.meta.url).resolve

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const vendor = new Map([
  ['preact.mjs', resolve('preact')],
  ['hooks.mjs', resolve('preact/hooks')],
  ['htm.mjs', join(dirname(resolve('htm')), 'htm.mjs')],
  ['uplot.mjs', join(dirname(resolve('uplot')), 'uPlot.esm.js')],
  ['uplot.css', join(dirname(resolve('uplot')), 'uPlot.min.css')],
])

export function servePages(app: FastifyInstance, { folder, paths }: Pages): void {
  const files = new Map([shared, folder].flatMap((from) => readdirSync(from).map((name) => [name, join(from, name)])))
  const document = join(folder, 'index.html')
  const policy = policyFor(readFileSync(document, 'utf8'))
  for (const path of paths) {
    app.get(path, async (_, reply) => sendFile(reply.header('content-security-policy', policy), document))
  }
  app.get<{ Params: { name: string } }>('/pages/:name', async ({ params }, reply) =>
    sendNamed(reply, files, params.name),
  )
  app.get<{ Params: { name: string } }>('/vendor/:name', async ({ params }, reply) =>
    sendNamed(reply, vendor, params.name),
  )
}

/** Only files of the map are served: no path from outside ever reaches the file system. */
async function sendNamed(reply: FastifyReply, files: Map<string, string>, name: string): Promise<FastifyReply> {
  const path = files.get(name)
  if (path === undefined) {
    reply.callNotFound()
    return reply
  }
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
