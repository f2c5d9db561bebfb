// What the viewer reads from the environment.
import { z } from 'zod'
import { portBase, portOf } from '../../services/kit/config.ts'

export const ViewerConfig = z
  .object({
    HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
    PORT: z.coerce.number().int().min(0).max(65_535).optional().describe('TCP port for OTLP/HTTP and the pages'),
    PORT_BASE: portBase,
    VIEWER_MEMORY_MB: z.coerce
      .number()
      .int()
      .min(16)
      .max(4096)
      .default(152)
      .describe('Memory for stored telemetry; when it is full the oldest goes, slow traces last'),
  })
  .transform((config) => ({ ...config, PORT: config.PORT ?? portOf('viewer', config.PORT_BASE) }))
