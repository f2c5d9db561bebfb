// How long others take to answer.
import type { Random } from '../../services/kit/random.ts'

/** A log-normal draw: its median is `median`, and with `sigma` 0.3 one in a hundred is twice as much. */
export function logNormal(random: Random, median: number, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return median * Math.exp(sigma * normal)
}
