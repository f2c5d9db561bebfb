// A door for people from elsewhere: a token opens it, in a header for programs and in a form, once, for browsers.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { documentOf } from '../../loadtest/page/document.ts'
import { html } from '../../loadtest/page/html.ts'
import type { App } from '../kit/http/app.ts'

const cookie = 'workshop'
const mostFormBytes = 4_096
/** The page sends its form, and nothing else may be sent from it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"

/** The listener behind it answers only who has the token. Health checks tell nothing and need none. */
export function behindToken(listener: App['listener'], token: string): App['listener'] {
  return (request, response) => {
    const path = request.url?.split('?')[0] ?? '/'
    if (path === '/token' && request.method === 'POST') void takeToken(request, response, token)
    else if (path === '/healthz' || isGood(request, token)) listener(request, response)
    else refuse(request, response, 'This workshop is open to whoever has its token.')
  }
}

function isGood({ headers }: IncomingMessage, token: string): boolean {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
  const kept = new RegExp(`(?:^|; )${cookie}=([^;]+)`).exec(headers.cookie ?? '')?.[1]
  return isSame(bearer, token) || isSame(kept, encodeURIComponent(token))
}

/** Takes as long whatever is wrong with it. */
function isSame(given: string | undefined, token: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest()
  return given !== undefined && timingSafeEqual(digest(given), digest(token))
}

async function takeToken(request: IncomingMessage, response: ServerResponse, token: string): Promise<void> {
  const isSmall = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY) <= mostFormBytes
  const given = isSmall
    ? (new URLSearchParams(await text(request).catch(() => '')).get('token') ?? undefined)
    : undefined
  if (!isSame(given, token)) {
    refuse(request, response, 'That is not the token.')
    return
  }
  const kept = `${cookie}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict`
  response.writeHead(303, { 'set-cookie': kept, location: '/', 'cache-control': 'no-store' }).end()
}

function refuse({ headers }: IncomingMessage, response: ServerResponse, says: string): void {
  if (headers.accept?.includes('text/html')) {
    response
      .writeHead(401, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
      .end(documentOf({ title: 'Token', ownStyle }, form(says)))
    return
  }
  const body = { code: 'token_needed', message: `${says} Send it as "Authorization: Bearer …".`, traceId: null }
  response
    .writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer' })
    .end(JSON.stringify(body))
}

const form = (says: string) => html`<section><h1>The workshop</h1><p>${says}</p>
<form method="post" action="/token"><label>Token <input type="password" name="token" required autofocus autocomplete="current-password"></label> <button>Open</button></form></section>`

const ownStyle = `
form { display: flex; flex-wrap: wrap; gap: var(--s3); align-items: center; margin-top: var(--s3); }
input, button { min-height: 32px; padding: 0 var(--s2); border: 1px solid var(--muted); border-radius: 6px; background: var(--card); color: inherit; font: inherit; }
`
