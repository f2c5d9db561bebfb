// How a run ends: its exit code, and its report as files.
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import type { RunReport } from '../run-report.ts'

/** `broken` is what k6 ends with when a threshold is crossed. */
export const exitCodes = { held: 0, failed: 1, usage: 2, broken: 99, stopped: 130 } as const

export const codeOf = ({ limits }: Pick<RunReport, 'limits'>): number =>
  limits.every(({ isHeld }) => isHeld) ? exitCodes.held : exitCodes.broken

export type Written = { report: RunReport; text: string; page: string }

/** npm runs its scripts in the project's folder. */
const folder = resolve('.data/loads')

/** Keeps a report below .data/loads/ and wherever it was asked for. @returns the files, as they are typed here. */
export async function keep(
  { report, text, page }: Written,
  { json, html }: { json?: string | undefined; html?: string | undefined },
): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const named = (extension: string) => join(folder, `${report.lesson}-${report.run}.${extension}`)
  const files: [string | undefined, string][] = [
    [named('html'), page],
    [named('json'), asJson(report)],
    [named('txt'), `${text.trimEnd()}\n`],
    [json, asJson(report)],
    [html, page],
  ]
  const wanted = files.flatMap(([file, content]) => (file === undefined ? [] : [{ file, content }]))
  for (const { file, content } of wanted) await writeFile(file, content)
  return wanted.map(({ file }) => relative(process.cwd(), resolve(file)))
}

const asJson = (report: RunReport): string => `${JSON.stringify(report, null, 2)}\n`
