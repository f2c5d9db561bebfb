// The one service level objective. Dashboards, alerts, load thresholds, the viewer and the verifier all read it here.

/** 99 % of checkouts succeed within 500 ms. A checkout is *slow* when it takes longer than `thresholdMs`. */
export const slo = {
  objective: 0.99,
  thresholdMs: 500,
} as const

// 1 − 0.99 is not quite 0.01 for a computer.
const rounded = (value: number) => Number(value.toPrecision(6))

/** The share of checkouts that may be slow or fail, as a number and in words. */
export const errorBudget = rounded(1 - slo.objective)
export const errorBudgetInWords = `${rounded(errorBudget * 100)} %`
