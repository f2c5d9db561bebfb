// Postgres's own telemetry, in one process beside it: what sessions wait for, and its log as OTLP.
import { z } from 'zod'
import { loadConfig } from '../../services/kit/config.ts'
import { untilStopped } from '../../services/kit/lifecycle.ts'
import { recordOf } from './log-lines.ts'
import { followLogs } from './log-shipper.ts'
import { openSender } from './otlp-sender.ts'
import { watchSessions } from './watch.ts'

export const ObserverConfig = z.object({
  OBSERVER_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('Postgres, under role observer'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).describe('Where telemetry goes, OTLP over HTTP'),
  POSTGRES_LOG_DIR: z
    .string()
    .min(1)
    .optional()
    .describe("Folder of Postgres's JSON log; without it the log is not read"),
  POSTGRES_LOG_POSITIONS: z.string().min(1).optional().describe('File that remembers how far the log was read'),
})

if (import.meta.main)
  await untilStopped(async (resources) => {
    const config = loadConfig(ObserverConfig, process.env)
    const say = (line: string) => console.error(line)
    const resource = { 'service.name': 'postgres', 'service.namespace': 'shop', 'service.instance.id': 'postgres-1' }
    const sender = resources.use(openSender({ endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, resource, say }))
    const positionsFile = config.POSTGRES_LOG_POSITIONS
    if (config.POSTGRES_LOG_DIR !== undefined)
      resources.use(
        await followLogs({
          logDir: config.POSTGRES_LOG_DIR,
          ...(positionsFile === undefined ? {} : { positionsFile }),
          say,
          onLine: (line) => {
            const record = recordOf(line)
            if (record) sender.log(record)
          },
        }),
      )
    resources.use(watchSessions({ url: config.OBSERVER_URL, sender, say }))
  })
