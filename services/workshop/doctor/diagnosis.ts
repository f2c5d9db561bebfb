// What the doctor says about one thing: well, ill with what to do about it, or a note that is neither.

export type Diagnosis = { about: string; state: 'well' | 'ill' | 'note'; says: string; fix?: string }

export const well = (about: string, says: string): Diagnosis => ({ about, state: 'well', says })
export const ill = (about: string, says: string, fix: string): Diagnosis => ({ about, state: 'ill', says, fix })
export const note = (about: string, says: string): Diagnosis => ({ about, state: 'note', says })

/** Where the lab runs that is looked at. `isInside`: this process is one of the stack's containers. */
export type Place = { kind: 'lab' | 'stack'; isInside: boolean }

/** A hint that fits the place. */
export const startIt = ({ kind, isInside }: Place, service = ''): string => {
  if (kind === 'lab') return 'start the lab with npm start; its logs are in .data/logs'
  const what = service === '' ? '' : ` ${service}`
  return `docker compose up -d --wait${what}, then docker compose logs${what}${isInside ? ' (on the host)' : ''}`
}

export type Answer = { status: number; text: string; tookMs: number; date: string | null; askedMs: number }

const patienceMs = 3_000

/** One question. @throws Error in words: refused, unknown name, silent */
export async function ask(url: URL | string): Promise<Answer> {
  const askedMs = Date.now()
  const startedMs = performance.now()
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    const text = await response.text()
    const tookMs = performance.now() - startedMs
    return { status: response.status, text, tookMs, date: response.headers.get('date'), askedMs }
  } catch (error) {
    throw new Error(`${String(url)} ${why(error)}`, { cause: error })
  }
}

function why(error: unknown): string {
  if ((error as Error).name === 'TimeoutError') return `says nothing for ${patienceMs / 1000} s`
  const { code } = ((error as Error).cause ?? {}) as { code?: string }
  if (code === 'ECONNREFUSED') return 'refuses the connection'
  if (isUnknownName(error)) return 'has a name that nobody knows here'
  return `cannot be reached${code === undefined ? '' : ` (${code})`}`
}

/** No program of that name belongs to this network. */
export function isUnknownName(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { code?: string }
  const inner = (error as Error).cause
  return (
    code === 'ENOTFOUND' ||
    code === 'EAI_AGAIN' ||
    (inner instanceof Error && inner.cause !== undefined && isUnknownName(inner))
  )
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
