// Whether all clocks agree: spans of two machines whose clocks differ cannot be laid side by side.
import pg from 'pg'
import { ask, type Diagnosis, ill, messageOf, note, well } from './diagnosis.ts'

type Skew = { of: string; skewMs: number; toleranceMs: number }

/** Date headers have whole seconds. */
const headerToleranceMs = 2_000
const databaseToleranceMs = 1_000
/** Newest telemetry may be this old: an interval, a batch, a queue; and not from the future. */
const oldestMs = 20_000

export async function clocks(
  urls: readonly string[],
  databaseUrl: string | undefined,
  newestMs: number | undefined,
): Promise<Diagnosis[]> {
  const headers = await Promise.all(urls.map((url) => headerSkew(url).catch(() => undefined)))
  const database = databaseUrl === undefined ? undefined : await databaseSkew(databaseUrl).catch(messageOf)
  const skews = [...headers, typeof database === 'string' ? undefined : database].filter((skew) => skew !== undefined)
  return [
    ...(typeof database === 'string'
      ? [ill('database', database, 'is Postgres up, and AUDIT_DATABASE_URL right?')]
      : []),
    clocksOf(skews),
    ...(newestMs === undefined ? [] : [newestTelemetry(newestMs)]),
  ]
}

function clocksOf(skews: readonly Skew[]): Diagnosis {
  const off = skews.filter(({ skewMs, toleranceMs }) => Math.abs(skewMs) > toleranceMs)
  const text = ({ of, skewMs }: Skew) => `${of} ${skewMs > 0 ? '+' : ''}${Math.round(skewMs)} ms`
  if (skews.length === 0) return note('clocks', 'nobody answered whose clock could be compared')
  if (off.length > 0) return ill('clocks', `differ from this process: ${off.map(text).join(', ')}`, fix)
  const database = skews.find(({ of }) => of === 'database')
  const exact = database === undefined ? '' : `, ${text(database)}`
  return well('clocks', `agree: ${skews.length} compared${exact}`)
}

const fix = 'set the time on that machine (timedatectl set-ntp true; on a laptop restart Docker Desktop)'

function newestTelemetry(newestMs: number): Diagnosis {
  const ageMs = Date.now() - newestMs
  const says = `the newest metric is ${(ageMs / 1000).toFixed(1)} s old`
  if (ageMs >= -databaseToleranceMs && ageMs <= oldestMs) return well('telemetry', says)
  return ill(
    'telemetry',
    says,
    ageMs < 0 ? fix : 'has the traffic stopped, or is something behind? Look at the lines above',
  )
}

async function headerSkew(url: string): Promise<Skew | undefined> {
  const { date, askedMs, tookMs } = await ask(url)
  if (date === null) return undefined
  // A header of whole seconds is half a second behind on average.
  const skewMs = Date.parse(date) + 500 - (askedMs + tookMs / 2)
  return { of: new URL(url).host, skewMs, toleranceMs: headerToleranceMs }
}

async function databaseSkew(connectionString: string): Promise<Skew> {
  const client = new pg.Client({ connectionString, application_name: 'doctor', connectionTimeoutMillis: 3_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const askedMs = Date.now()
    const { rows } = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at')
    const halfwayMs = (askedMs + Date.now()) / 2
    return { of: 'database', skewMs: (rows[0]?.at.getTime() ?? 0) - halfwayMs, toleranceMs: databaseToleranceMs }
  } finally {
    await client.end().catch(() => {})
  }
}
