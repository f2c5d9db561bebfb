// Who is asking: a signed token, checked in a span of its own.
import type { Request } from 'express'
import { errors, jwtVerify, SignJWT } from 'jose'
import { attributes, spans } from '../kit/telemetry/names.ts'
import { annotate, inSpan } from '../kit/telemetry/span.ts'
import type { Session } from './contract.ts'
import { Unauthenticated } from './errors.ts'
import type { ApiStore, User } from './store.ts'

export type Sessions = {
  /** Signs in a customer who exists; throws Unauthenticated otherwise. */
  open(userId: string): Promise<Session>
  /** The customer behind a request; throws Unauthenticated when the token is missing, forged or expired. */
  userOf(request: Request): Promise<User>
}

const lifetimeHours = 12

export function createSessions(secret: string, store: ApiStore): Sessions {
  const key = new TextEncoder().encode(secret)

  const validate = (request: Request) =>
    inSpan(spans.validateSession, {}, async () => {
      const [scheme, token] = (request.headers.authorization ?? '').split(' ')
      if (scheme !== 'Bearer' || token === undefined) throw new Unauthenticated()
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'] }).catch(refused)
      if (payload.sub === undefined) throw new Unauthenticated()
      return payload.sub
    })

  const known = async (userId: string) => {
    const user = await store.user(userId)
    if (user === undefined) throw new Unauthenticated(`There is no customer ${userId}.`)
    return user
  }

  return {
    async open(userId) {
      await known(userId)
      const expiresAt = new Date(Date.now() + lifetimeHours * 3_600_000)
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(userId)
        .setExpirationTime(expiresAt)
        .sign(key)
      return { token, userId, expiresAt: expiresAt.toISOString() }
    },
    async userOf(request) {
      const user = await known(await validate(request))
      annotate({ 'user.id': user.id, [attributes.tier]: user.tier })
      return user
    },
  }
}

function refused(error: unknown): never {
  const isExpired = error instanceof errors.JWTExpired
  throw new Unauthenticated(isExpired ? 'The session has expired. Sign in again.' : 'The token is not one of ours.')
}
