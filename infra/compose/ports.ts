// The ports that the stack publishes, and how PORT_BASE moves them: compose can fill in variables, but not add.
import { isLoopback } from '../../services/kit/loopback.ts'
import { ports } from '../../services/kit/ports.ts'

/** Default ports by the variable that docker-compose.yml and the overlays read. */
export const publishedPorts = {
  API_PORT: ports.api,
  WORKSHOP_PORT: ports.workshop,
  COLLECTOR_PORT: ports.viewer,
  GRAFANA_PORT: 3000,
  PROMETHEUS_PORT: 9090,
  LOKI_PORT: 3100,
  TEMPO_PORT: 3200,
  JAEGER_PORT: 16686,
  ZIPKIN_PORT: 9411,
} as const
export type PublishedPort = keyof typeof publishedPorts

/** What `docker compose` is to be told so that every port is `base` higher; a second stack needs a name of its own too. */
export function composeEnv(base: number): Record<string, string> {
  if (base === 0) return {}
  const moved = Object.entries(publishedPorts).map(([name, port]) => [name, String(port + base)])
  return { ...Object.fromEntries(moved), COMPOSE_PROJECT_NAME: projectAt(base) }
}

/** The stack whose ports were moved; the usual one is `shop`. */
export const projectAt = (base: number): string => `shop-${base}`

/** Whether ports bound to this address are reached from other machines. */
export const isPublished = (address: string): boolean => !isLoopback(address)

/** Where a published port is reached from this machine. */
export const urlOf = (name: PublishedPort, base: number): string => `http://127.0.0.1:${publishedPorts[name] + base}`
