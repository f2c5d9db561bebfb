// The bank's sessions: whoever does business with it names one, and each ends after a while. Nothing is stored: a session
// says itself until when it is good, under a seal that only this process can make.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export type Sessions = { open(): { session: string; validForMs: number }; isGood(session: string | undefined): boolean }

/** Sessions that end after `validForMs`, or with the process. */
export function createSessions(validForMs: number): Sessions {
  const key = randomBytes(32)
  const seal = (text: string) => createHmac('sha256', key).update(text).digest()
  return {
    open() {
      const until = (Date.now() + validForMs).toString(36)
      return { session: `${until}.${seal(until).toString('base64url')}`, validForMs }
    },
    isGood(session = '') {
      const [until = '', given = ''] = session.split('.')
      const [expected, found] = [seal(until), Buffer.from(given, 'base64url')]
      return (
        found.length === expected.length && timingSafeEqual(found, expected) && Number.parseInt(until, 36) > Date.now()
      )
    },
  }
}
