// The queries that evidence tells a person to paste, run on the backends they are written for.
import type { Query } from '../lens/evidence.ts'
import type { Window } from '../lens/source.ts'
import { evidenceOf, type Scenario } from './scenario.ts'
import type { Telemetry } from './telemetry.ts'

/** `refused` is the backend's own sentence; `answers` is absent when nobody here speaks the language. */
export type Pasted = Query & { answers?: number; refused?: string }

/** Every query of a scenario, each once, run over the window. Never rejects. */
export async function runPasted(scenario: Scenario, window: Window, { execute }: Telemetry): Promise<Pasted[]> {
  const pastes = [...evidenceOf(scenario), ...(scenario.decoy === undefined ? [] : [scenario.decoy])]
  const queries = pastes.flatMap((one) => one.paste(window)).filter(({ language }) => language !== 'viewer')
  const once = new Map(queries.map((query) => [query.language + query.text, query])).values()
  const run = async (query: Query): Promise<Pasted> => {
    try {
      const answers = await execute(query, window)
      return { ...query, ...(answers === undefined ? {} : { answers }) }
    } catch (error) {
      return { ...query, refused: error instanceof Error ? error.message : String(error) }
    }
  }
  return Promise.all([...once].map(run))
}

/** A line for each query: what came back, and from which. */
export const pastedLines = (pasted: readonly Pasted[]): string[] =>
  pasted.map(({ language, text, answers, refused }) => {
    const unknown =
      language === 'TraceQL' ? 'not run: only Tempo understands it' : 'not run: the viewer does not understand it'
    const result =
      refused ?? (answers === undefined ? unknown : answers === 0 ? 'accepted, nothing found' : `${answers} found`)
    return `${refused === undefined ? (answers === undefined ? '-' : '✓') : '✗'} ${language.padEnd(8)} ${result}: ${text}`
  })
