// Observed windows as a file: `verify --record` writes it, `--replay` judges it again without a lab, in milliseconds.
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { z } from 'zod'
import type { Observed } from '../lens/evidence.ts'
import type { Trace } from '../lens/trace.ts'
import type { WindowName } from '../lens/verdict.ts'
import type { DriverFacts } from './driver-facts.ts'

/** `lagMs`: how long after the window's end its telemetry was complete; absent in older recordings. */
export type ObservedWindow = Observed & { facts: DriverFacts; lagMs?: number }

export type Recording = {
  version: 1
  /** The scenario's id. */
  scenario: string
  seed: number
  recordedAt: string
  windows: Record<WindowName, ObservedWindow>
}

/** Writes a recording; a name that ends in `.gz` is compressed, to about a twentieth. */
export async function saveRecording(file: string, { windows, ...head }: Recording): Promise<void> {
  const { calm, armed, reset } = windows
  const json = JSON.stringify({ ...head, windows: { calm: plain(calm), armed: plain(armed), reset: plain(reset) } })
  const bytes = Buffer.from(json)
  await writeFile(file, file.endsWith('.gz') ? await promisify(gzip)(bytes) : bytes)
}

/** @throws Error a sentence when the file cannot be read or is not a recording. */
export async function loadRecording(file: string): Promise<Recording> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new Error(`The recording ${file} cannot be read: ${cause.message}.`, { cause })
  })
  try {
    const text = (file.endsWith('.gz') ? await promisify(gunzip)(bytes) : bytes).toString()
    const { windows, ...head } = Shape.parse(JSON.parse(withInfinity(text)))
    const { calm, armed, reset } = windows
    return { ...head, windows: { calm: revived(calm), armed: revived(armed), reset: revived(reset) } }
  } catch (cause) {
    throw new Error(`${file} is not a recording of this version: make one with --record.`, { cause })
  }
}

/** JSON has no infinity; the last bucket of a histogram gets its bound back. */
const withInfinity = (json: string): string => json.replaceAll('"upTo":null', '"upTo":1e999')

const plain = (window: ObservedWindow) => ({ ...window, traces: [...window.traces.values()] })

const revived = ({ traces, ...window }: z.output<typeof WindowShape>): ObservedWindow => ({
  ...window,
  traces: new Map(traces.map((trace) => [trace.traceId, trace])),
})

// We wrote it ourselves: the shape catches other files and other versions, it does not check every field.
const listOf = <T>() => z.array(z.custom<T>((value) => typeof value === 'object' && value !== null))
const WindowShape = z.object({
  window: z.object({ fromMs: z.number(), toMs: z.number() }),
  samples: listOf<Observed['samples'][number]>(),
  traces: listOf<Trace>(),
  logs: listOf<Observed['logs'][number]>(),
  series: listOf<Observed['series'][number]>(),
  lagMs: z.number().exactOptional(),
  facts: z.object({
    arrivals: z.number(),
    startLagP99Ms: z.number(),
    unanswered: z.number(),
    failed: z.number(),
    tracesMissing: z.number(),
  }),
})
const Shape = z.object({
  version: z.literal(1),
  scenario: z.string(),
  seed: z.number(),
  recordedAt: z.string(),
  windows: z.object({ calm: WindowShape, armed: WindowShape, reset: WindowShape }),
})
