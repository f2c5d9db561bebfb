// Whether a file can be written to, tried before anything is played or measured for it.
import { appendFileSync } from 'node:fs'

/** Undefined where it can be; else a sentence. What is in the file stays as it is; one that is not there is made. */
export function whyNotWritable(file: string): string | undefined {
  try {
    appendFileSync(file, '')
    return undefined
  } catch (error) {
    return `${file} cannot be written to (${(error as NodeJS.ErrnoException).code}).`
  }
}
