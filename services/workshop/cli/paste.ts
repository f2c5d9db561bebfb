// `slow verify --paste`: the queries that a person is told to paste, run where they are written for.
import type { Window } from '../../lens/source.ts'
import { pastedLines, runPasted } from '../pasted.ts'
import type { Scenario } from '../scenario.ts'
import type { Telemetry } from '../telemetry.ts'
import { type CommandContext, exitCodes } from './command.ts'

export const lastMinute = (): Window => ({ fromMs: Date.now() - 60_000, toMs: Date.now() })

/** What is there to be pasted has to work: a query that its backend refuses is a failure. */
export async function paste(
  scenario: Scenario,
  window: Window,
  telemetry: Telemetry,
  { terminal, exitWith }: CommandContext,
): Promise<void> {
  const pasted = await runPasted(scenario, window, telemetry)
  terminal.say('')
  terminal.say(`The queries, run on ${telemetry.name}`)
  for (const line of pastedLines(pasted)) terminal.say(`  ${line}`)
  if (pasted.some(({ refused }) => refused !== undefined)) exitWith(exitCodes.failed)
}
