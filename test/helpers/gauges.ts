// Gauges as they are at the moment when a test asks, of everything that is opened in its process from then on.
import { metrics as meters } from '@opentelemetry/api'
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'

class AskedReader extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

type Point = { attributes: Record<string, string>; value: number }

/**
 * Call it before what observes them is opened. The function that it gives asks all gauges once, since some forget what they
 * told, and gives the points of each by its name.
 */
export function watchGauges(): () => Promise<(name: string) => Point[]> {
  // Only what is observed now: a cumulative reader repeats the last value of what is gone.
  const reader = new AskedReader({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA })
  meters.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  return async () => {
    const { resourceMetrics } = await reader.collect()
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
    return (name) =>
      all.filter(({ descriptor }) => descriptor.name === name).flatMap(({ dataPoints }) => dataPoints as Point[])
  }
}
