// Metrics of others that need not be there while all is calm: each begins with an event. Pages take them for zero until then,
// so that a wrong name would look like a good day; test/grafana/repeated.test.ts compares the names with those of their kin.
import { collectorMetrics, graphMetrics, loadMetrics, prometheusMetrics } from '../../grafana/foreign-metrics.ts'

/** By name, what has to happen. */
export const bornOfEvents: Record<string, string> = {
  [collectorMetrics.sendFailedSpans]: 'a backend will not have spans',
  [collectorMetrics.sendFailedPoints]: 'a backend will not have points: outages.test.ts sends one that is too old',
  [collectorMetrics.sendFailedLines]: 'a backend will not have lines: outages.test.ts sends one that is too old',
  [collectorMetrics.enqueueFailedSpans]: 'the queue for spans is full',
  [collectorMetrics.enqueueFailedPoints]: 'the queue for points is full',
  [collectorMetrics.enqueueFailedLines]: 'the queue for lines is full',
  [graphMetrics.failed]: 'a call between services fails',
  [loadMetrics.dropped]: 'all users of k6 are busy when one more should come',
  [prometheusMetrics.alerts]: 'an alert is about to fire',
}
