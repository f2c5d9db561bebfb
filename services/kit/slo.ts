// The one service level objective. Dashboards, alerts, load thresholds, the viewer and the verifier all read it here.

/** 99 % of checkouts succeed within 500 ms. A checkout is *slow* when it takes longer than `thresholdMs`. */
export const slo = {
  objective: 0.99,
  thresholdMs: 500,
} as const
