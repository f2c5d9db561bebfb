// The processes: the workshop, every instance of the shop's services, and whether all have read the same flag file.
import type { Instance } from '../acknowledge.ts'
import type { WorkshopClient } from '../client.ts'
import { ask, type Diagnosis, ill, messageOf, type Place, startIt, well } from './diagnosis.ts'

export async function workshopHealth(client: WorkshopClient, url: URL, place: Place): Promise<Diagnosis> {
  try {
    const { paused, until, reason } = await client.traffic()
    const traffic = paused ? `traffic is paused until ${until} (${reason ?? 'nobody said why'})` : 'traffic may flow'
    return well('workshop', `answers at ${url.origin}, ${traffic}`)
  } catch (error) {
    return ill('workshop', messageOf(error), startIt(place, 'workshop'))
  }
}

/** Each instance asked itself. */
export function instancesHealth(instances: readonly Instance[], place: Place): Promise<Diagnosis[]> {
  return Promise.all(
    instances.map(async ({ name, healthUrl }) => {
      try {
        const { status, tookMs } = await ask(healthUrl)
        if (status === 200) return well(name, `healthy at ${new URL(healthUrl).origin} (${Math.round(tookMs)} ms)`)
        return ill(name, `${healthUrl} answers ${status}`, startIt(place, name))
      } catch (error) {
        return ill(name, messageOf(error), startIt(place, name))
      }
    }),
  )
}

/** Whether every instance has the newest flags; also the only way to hear of instances whose ports are not published. */
export async function flagsRead(client: WorkshopClient, place: Place): Promise<Diagnosis[]> {
  try {
    const { acknowledgedBy, missing } = await client.flags()
    const late = missing.map(({ name, why }) => ill(name, `has not read the flag file: ${why}`, startIt(place, name)))
    return [...(acknowledgedBy.length === 0 ? [] : [well('flags', `read by ${acknowledgedBy.join(', ')}`)]), ...late]
  } catch {
    // The workshop's own line says it.
    return []
  }
}
