// Names and values that backends have flattened, as the shop wrote them: Prometheus and Loki turn dots into underscores, Loki
// and Zipkin turn every value into text.
import { attributes } from '../../kit/telemetry/names.ts'
import { underscored } from '../../kit/telemetry/prometheus-names.ts'
import type { AttributeValue } from '../trace.ts'

/** What instrumentations and SDKs add, by the semantic conventions. */
const conventional = [
  ...['service.name', 'service.namespace', 'service.instance.id', 'service.version'],
  ...['http.request.method', 'http.response.status_code', 'http.route', 'url.scheme', 'url.path'],
  ...['server.address', 'server.port', 'network.protocol.version'],
  ...['db.system.name', 'db.namespace', 'db.operation.name', 'db.query.text', 'db.response.status_code'],
  ...['db.client.connection.pool.name', 'db.client.connection.state', 'messaging.system'],
  ...['messaging.destination.name', 'messaging.operation.name', 'messaging.operation.type'],
  ...['exception.type', 'exception.message', 'exception.stacktrace', 'v8js.gc.type', 'v8js.heap.space.name'],
  ...['nodejs.eventloop.state', 'postgresql.user', 'postgresql.backend_type', 'postgresql.query_id'],
  ...['postgresql.detail', 'postgresql.duration_ms', 'user.id'],
]

const dottedNames = new Map([...conventional, ...Object.values(attributes)].map((name) => [underscored(name), name]))

/** `shop_cart_size` → `shop.cart_size`. A name that the lab does not know stays as it is. */
export const dotted = (name: string): string => dottedNames.get(name) ?? name

/** Numbers become numbers again where no digit gets lost by it, lists and objects what their JSON says. */
export function revived(text: string): AttributeValue {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text !== '' && String(Number(text)) === text && Number.isFinite(Number(text))) return Number(text)
  if (!/^[[{]/.test(text)) return text
  try {
    return JSON.parse(text) as AttributeValue
  } catch {
    return text
  }
}
