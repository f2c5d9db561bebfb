// From a profile and a seed to the list of arrivals: who comes when and wants what. Pure, so k6 and Node play the same.

import { createRandom, type Random, seedOf, weightedIndex } from '../services/kit/random.ts'
import { countOf, dueMsOf } from './arrival-times.ts'
import type { JourneyName } from './journeys.ts'
import { bulkVisitor, ordinaryVisitor, type Persona, withCoupon } from './personas.ts'
import type { Profile } from './profiles.ts'

/** `atMs` counts from the start of the plan; `seed` alone decides everything that was drawn for this arrival. */
export type Arrival = { iteration: number; atMs: number; journey: JourneyName; persona: Persona; seed: number }

/** All arrivals of a profile. @throws RangeError for a profile without an end: that is what `endless` is for. */
export function plan(profile: Profile, seed: number): Arrival[] {
  const count = countOf(profile)
  if (!Number.isFinite(count)) throw new RangeError(`Profile ${profile.name} never ends; play it with endless()`)
  return Array.from({ length: count }, (_, iteration) => arrivalAt(profile, seed, iteration))
}

/** The same arrivals, one by one and without an end, whatever the profile's duration. */
export function* endless(profile: Profile, seed: number, fromIteration = 0): Generator<Arrival, never> {
  for (let iteration = fromIteration; ; iteration++) yield arrivalAt(profile, seed, iteration)
}

/** One arrival, computed on its own: k6 asks for it by iteration. */
export function arrivalAt(profile: Profile, seed: number, iteration: number): Arrival {
  const arrivalSeed = seedOf(seed, iteration)
  const random = createRandom(arrivalSeed)
  const journey = journeyOf(profile, random)
  const persona = personaAt(profile, seed, iteration, random)
  return { iteration, atMs: dueMsOf(profile, iteration), journey, persona, seed: arrivalSeed }
}

/** A fingerprint of a plan, 14 hexadecimal digits (cyrb53, in two 32-bit lanes): equal in every engine. */
export function planHash(arrivals: Iterable<Arrival>): string {
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (const arrival of arrivals) {
    const text = JSON.stringify(arrival)
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      low = Math.imul(low ^ code, 2654435761)
      high = Math.imul(high ^ code, 1597334677)
    }
  }
  const first = mixLanes(low, high)
  const second = mixLanes(high, first)
  return (second & 0x1fffff).toString(16).padStart(6, '0') + (first >>> 0).toString(16).padStart(8, '0')
}

function personaAt({ bulk, coupons }: Profile, seed: number, iteration: number, random: Random): Persona {
  const falls = (share: number, salt: number) => fallsOn(iteration, share, seed ^ salt)
  if (falls(bulk.share, 0x62756c6b)) return bulkVisitor(random, bulk)
  const persona = ordinaryVisitor(random)
  if (falls(coupons.miscopiedShare, 0x646f7473)) return withCoupon(persona, random, true)
  return falls(coupons.share, 0x636f6465) ? withCoupon(persona, random, false) : persona
}

/**
 * Rare visitors come at a random place in every stretch of 1/share arrivals: as unpredictable in time as independent draws,
 * yet each window has its share of them. With independent draws a window of 400 would have 3 or 14 as easily as 8.
 */
function fallsOn(iteration: number, share: number, seed: number): boolean {
  if (share <= 0) return false
  const first = Math.floor(iteration * share)
  const last = Math.floor((iteration + 1) * share)
  for (let stretch = first; stretch <= last; stretch++) {
    const place = createRandom(seedOf(seed, stretch))()
    if (Math.floor((stretch + place) / share) === iteration) return true
  }
  return false
}

function journeyOf(profile: Profile, random: Random): JourneyName {
  const names = Object.keys(profile.mix) as JourneyName[]
  const weights = names.map((name) => profile.mix[name] ?? 0)
  const name = names[weightedIndex(random, weights)]
  if (!name) throw new RangeError(`Profile ${profile.name} has no journeys in its mix`)
  return name
}

function mixLanes(lane: number, other: number): number {
  return Math.imul(lane ^ (lane >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909)
}
