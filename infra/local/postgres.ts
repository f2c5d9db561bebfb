// Keeps Postgres running for the lab: a server that ends unexpectedly is started again on the same data.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Postgres, type PostgresOptions, startPostgres } from '../postgres/embedded.ts'

export interface KeptPostgres extends AsyncDisposable {
  start(): Promise<void>
  pid(): number | undefined
}

export type PostgresWatch = { onChange: () => void; onGivenUp: (reason: string) => void }

export function keepPostgres(options: PostgresOptions, { onChange, onGivenUp }: PostgresWatch): KeptPostgres {
  let current: Postgres | undefined
  let isStopping = false
  let restarting = Promise.resolve()

  const start = async () => {
    const started = await startPostgres(options)
    current = started
    onChange()
    void started.ended.then(() => {
      current = undefined
      if (!isStopping) restarting = restart()
    })
  }
  const restart = async () => {
    onChange()
    options.say('postgres ended, started again')
    await sleep(100)
    if (isStopping) return
    await start().catch((error: Error) => onGivenUp(error.message))
  }
  return {
    start,
    pid: () => current?.pid,
    async [Symbol.asyncDispose]() {
      isStopping = true
      await restarting
      await current?.[Symbol.asyncDispose]()
    },
  }
}
