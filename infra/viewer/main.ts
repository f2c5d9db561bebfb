// Starts the built-in viewer. It is not instrumented: a viewer that reports on itself to itself would never be still.
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { loadConfig } from '../../services/kit/config.ts'
import { buildApp } from './app.ts'
import { ViewerConfig } from './config.ts'
import { createStore } from './store.ts'

// Left alone, V8 lets the process grow to twice what is stored; this collects earlier and still takes enough spans a second.
setFlagsFromString('--optimize-for-size')
const config = loadConfig(ViewerConfig, process.env)
const app = buildApp({ store: createStore({ maxBytes: config.VIEWER_MEMORY_MB * 1024 ** 2 }), log: true })
const address = await app.listen({ host: config.HOST, port: config.PORT })
console.log(`Viewer: ${address}/ (OTLP/HTTP on the same port)`)

await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
await app.close()
