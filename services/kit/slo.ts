// The one service level objective. Dashboards, alerts, load thresholds, the viewer and the verifier all read it here.

/** 99 % of checkouts succeed within 500 ms. A checkout is *slow* when it takes longer than `thresholdMs`. */
export const slo = {
  objective: 0.99,
  thresholdMs: 500,
} as const

/** The share of checkouts that may be slow or fail. Rounded: 1 − 0.99 is not quite 0.01 for a computer. */
export const mayFail = Number((1 - slo.objective).toPrecision(6))
