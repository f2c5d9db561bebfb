// A process of its own under the kit's telemetry: records what it is told on the command line, and ends.
import { metrics as meters, trace } from '@opentelemetry/api'
import { withExemplars } from '../../services/kit/telemetry/exemplars.ts'
import { metrics } from '../../services/kit/telemetry/names.ts'

const histogram = meters.getMeter('test').createHistogram(metrics.checkoutDuration, { unit: 's' })
const plain = meters.getMeter('test').createHistogram(metrics.dbDuration, { unit: 's' })
const duration = withExemplars(histogram, metrics.checkoutDuration)

const recorded = process.argv.slice(2).map((argument) => {
  const [seconds = '', outcome = ''] = argument.split('=')
  return trace.getTracer('test').startActiveSpan('a checkout', (span) => {
    duration.record(Number(seconds), { 'shop.outcome': outcome })
    plain.record(Number(seconds))
    span.end()
    return { value: Number(seconds), outcome, traceId: span.spanContext().traceId, spanId: span.spanContext().spanId }
  })
})
console.log(JSON.stringify(recorded))
