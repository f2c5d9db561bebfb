// Roughly how much memory stored things cost the process: about 1.5 times what they take in the heap, because the
// collector needs room to work in. Calibrated against the heap; bench.ts shows the process with all stores full.
import type { LogLine } from '../../services/lens/source.ts'
import type { Attributes, AttributeValue, Span } from '../../services/lens/trace.ts'

/** A V8 object with a span's fields, its ids, and its place in the map of its trace. */
const bytesPerSpan = 420
const bytesPerLine = 560
const bytesPerAttribute = 24

/** A series without points: its key, its labels, and the sample that the next one is compared with. */
export const bytesPerSeries = 1900

export const bytesOfPoint = (buckets: number): number => (buckets === 0 ? 160 : 224 + buckets * 16)

export function bytesOfSpan(span: Span): number {
  let bytes = bytesPerSpan + bytesOfAttributes(span.attributes)
  for (const event of span.events) bytes += 96 + bytesOfAttributes(event.attributes)
  for (const link of span.links) bytes += 200 + bytesOfAttributes(link.attributes)
  return bytes + (span.statusMessage?.length ?? 0)
}

export function bytesOfLine(line: LogLine): number {
  return bytesPerLine + line.body.length + bytesOfAttributes(line.attributes)
}

function bytesOfAttributes(attributes: Attributes): number {
  let bytes = 56
  for (const key in attributes) bytes += bytesPerAttribute + bytesOfValue(attributes[key] ?? null)
  return bytes
}

/** Short texts are mostly shared between spans (once.ts), so they count for a part of their length. */
function bytesOfValue(value: AttributeValue): number {
  if (typeof value === 'string') return value.length > 512 ? 24 + value.length : 8 + value.length / 4
  if (typeof value === 'number') return 12
  if (value === null || typeof value === 'boolean') return 0
  return Array.isArray(value)
    ? value.reduce<number>((sum, item) => sum + 8 + bytesOfValue(item), 32)
    : bytesOfAttributes(value)
}
