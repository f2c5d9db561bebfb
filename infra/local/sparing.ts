// Keeps a screen readable: the first lines of an outburst are passed on, the rest only counted.

export type SparingOptions = { lines?: number; perMs?: number; where: string }

/** Passes on at most so many lines in any stretch of time, and one that says where the others are. */
export function sparingly(say: (line: string) => void, { lines = 3, perMs = 60_000, where }: SparingOptions) {
  let stretchEndsAtMs = 0
  let said = 0
  return (line: string): void => {
    const now = Date.now()
    if (now >= stretchEndsAtMs) {
      stretchEndsAtMs = now + perMs
      said = 0
    }
    said += 1
    if (said <= lines) say(line)
    if (said === lines + 1) say(`more of that is in ${where}`)
  }
}
