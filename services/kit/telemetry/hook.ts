// Loaded first, by `--import`: lets instrumentations patch ES modules. It must run before any OpenTelemetry package is
// imported, or named imports of `node:http` go unseen; hence a file of its own. The list keeps start-up fast.
import { register } from 'import-in-the-middle/register-hooks.mjs'

register({ include: ['express', 'pino', 'pg', 'pg-pool', 'http', 'node:http', 'https', 'node:https'] })
