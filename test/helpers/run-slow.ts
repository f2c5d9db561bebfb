// A command of the workshop within this process: what a person would see, and the exit code.
import { loadConfig } from '../../services/kit/config.ts'
import { runProgram } from '../../services/workshop/cli/program.ts'
import { CliConfig } from '../../services/workshop/config.ts'

export type Ended = { code: number; stdout: string; stderr: string }

/** Nothing listens on port 9: what `env` does not name is not there. */
const nowhere = Object.fromEntries(
  [
    'WORKSHOP_URL',
    'VIEWER_URL',
    'API_URL',
    'PROMETHEUS_URL',
    'LOKI_URL',
    'TRACES_URL',
    'COLLECTOR_URL',
    'GRAFANA_URL',
  ].map((name) => [name, 'http://127.0.0.1:9']),
)

export async function runSlow(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const out: string[] = []
  const complaints: string[] = []
  const code = await runProgram(args, {
    config: loadConfig(CliConfig, { ...nowhere, AUDIT_DATABASE_URL: 'postgres://a:a@127.0.0.1:9/a', ...env }),
    terminal: {
      isTTY: false,
      columns: 120,
      colour: false,
      say: (line) => void out.push(`${line}\n`),
      passing: () => {},
    },
    complain: (text) => void complaints.push(text),
    signal: new AbortController().signal,
  })
  return { code, stdout: out.join(''), stderr: complaints.join('\n') }
}
