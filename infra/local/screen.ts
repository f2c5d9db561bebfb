// What `npm start` prints: one screen of addresses and states, and what to try next.
import { ports } from '../../services/kit/ports.ts'
import type { Lab } from './lab.ts'

export type ScreenFacts = { cores: number; dataDir: string; seconds: string }

/** Addresses and pids of everything that runs. */
export function screen(lab: Lab, { cores, dataDir, seconds }: ScreenFacts): string {
  const pids = lab.pids()
  const postgres = { name: 'postgres', address: `postgres://api:api@127.0.0.1:${ports.postgres + lab.portBase}/shop` }
  const rows = [
    ...lab.processes.map(({ name, port }) => ({ name, address: port === undefined ? '' : `http://localhost:${port}` })),
    postgres,
  ]
  const lines = rows.map(
    ({ name, address }) =>
      `  ${name.padEnd(11)}${stateOf(pids[name]).padEnd(8)}${String(pids[name] ?? '').padEnd(9)}${address}`,
  )
  return [
    `Slow Sometimes: everything is up after ${seconds} s on ${cores} cores.`,
    ...lines.map((line) => line.trimEnd()),
    `  Logs of each process: ${dataDir}/logs. Ctrl-C stops everything.`,
  ].join('\n')
}

const stateOf = (pid: number | undefined) => (pid === undefined ? 'down' : 'up')

/** The first things to do with a running lab. */
export function nextSteps(lab: Lab): string {
  const base = lab.portBase === 0 ? '' : `PORT_BASE=${lab.portBase} `
  return [
    `Next: ${base}npm run scenario -- start hot-product     makes some checkouts slow`,
    `      ${base}npm run trace -- --slowest                shows where the slowest one spent its time`,
    `      ${lab.urls.viewer.replace('127.0.0.1', 'localhost')}/                         the same in the browser`,
  ].join('\n')
}
