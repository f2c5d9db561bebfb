// The search for the knee: the highest rate that a shop keeps its objective at. Pure, but for the trials it asks for.

export type Trial = { ratePerSecond: number; isHeld: boolean }

export type Knee = {
  /** The highest rate that was held; absent when even the first one was not. */
  heldAt?: number
  /** The lowest one above it that was not; absent when the search ended at the highest rate it may try. */
  brokenAt?: number
  trials: Trial[]
}

type Search = {
  from: number
  /** How much higher each rate is than the one before, until one is broken. */
  factor: number
  /** Held and broken are to be no further apart than this, as a ratio. */
  precision: number
  atMost: number
}

const usual: Search = { from: 12, factor: 1.3, precision: 1.06, atMost: 400 }

/**
 * Goes up in steps until a rate is broken, then halves what is between. A rate counts as broken when it was so twice: a pause of
 * the machine in the wrong moment is not the knee.
 */
export async function findKnee(
  holds: (ratePerSecond: number) => Promise<boolean>,
  search: Partial<Search> = {},
): Promise<Knee> {
  const { from, factor, precision, atMost } = { ...usual, ...search }
  const trials: Trial[] = []
  const attempt = async (ratePerSecond: number) => {
    const isHeld = await holds(ratePerSecond)
    trials.push({ ratePerSecond, isHeld })
    return isHeld
  }
  let heldAt: number | undefined
  let brokenAt: number | undefined
  for (let rate = from; rate <= atMost; rate = next(rate)) {
    if ((await attempt(rate)) || (await attempt(rate))) heldAt = rate
    else brokenAt = rate
    if (heldAt === undefined || (brokenAt !== undefined && brokenAt / heldAt <= precision)) break
  }
  return { ...(heldAt === undefined ? {} : { heldAt }), ...(brokenAt === undefined ? {} : { brokenAt }), trials }

  function next(rate: number): number {
    return rounded(brokenAt === undefined || heldAt === undefined ? rate * factor : Math.sqrt(heldAt * brokenAt))
  }
}

const rounded = (rate: number) => Math.round(rate * 10) / 10
