// What the objective allows to go wrong. Rounded: 1 − 0.99 is not quite 0.01 for a computer.
import { slo } from '../services/kit/slo.ts'

const rounded = (value: number) => Number(value.toPrecision(6))

/** The share of checkouts that may be slow or fail, as a number and in words. */
export const mayFail = rounded(1 - slo.objective)
export const mayFailInWords = `${rounded(mayFail * 100)} %`
