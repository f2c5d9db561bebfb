// What every service is told: its database, its flags, who it is in telemetry and where that goes.
import { join } from 'node:path'
import { type TopologyOptions, urlsOf } from './topology.ts'

/** Environment of one instance of a service, as far as all services share it. */
export function serviceEnv(options: TopologyOptions, name: string, instance: number): Record<string, string> {
  const resource = [
    `service.version=${options.version}`,
    'service.namespace=shop',
    `service.instance.id=${name}-${instance}`,
  ]
  return {
    DATABASE_URL: options.databaseUrl(name),
    FLAGS_FILE: flagsFile(options.dataDir),
    OTEL_SERVICE_NAME: name,
    OTEL_RESOURCE_ATTRIBUTES: resource.join(','),
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint(options),
    ...telemetryEnv,
  }
}

/** Short delays, so that what happened can be looked at within seconds; short time-outs, so that stopping does not hang. */
const telemetryEnv = {
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
  OTEL_BSP_SCHEDULE_DELAY: '500',
  OTEL_BLRP_SCHEDULE_DELAY: '500',
  OTEL_METRIC_EXPORT_INTERVAL: '1500',
  OTEL_METRIC_EXPORT_TIMEOUT: '1400',
  OTEL_LOG_LEVEL: 'warn',
}

/** Where telemetry goes: to what was given, else to the built-in viewer. */
export const otlpEndpoint = ({ otlpEndpoint: given, portBase }: TopologyOptions) => given ?? urlsOf(portBase).viewer

/** Files of the data folder that more than one process knows. */
export const flagsFile = (dataDir: string): string => join(dataDir, 'flags.json')
export const postgresLogDir = (dataDir: string): string => join(dataDir, 'postgres-log')
