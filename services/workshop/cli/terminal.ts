// Standard output as commands use it.
import type { Terminal } from './command.ts'

const clearLine = '\r\u001b[K'
const columnsElsewhere = 120

/** @param stream where text goes; `noColour` is set when the user asked for none (https://no-color.org). */
export function openTerminal(stream: NodeJS.WriteStream, noColour: boolean): Terminal {
  const isTTY = stream.isTTY === true
  const clear = isTTY ? clearLine : ''
  // A reader that went away, such as `head`, is no failure.
  stream.on('error', () => {})
  return {
    isTTY,
    colour: isTTY && !noColour,
    get columns() {
      return stream.columns ?? columnsElsewhere
    },
    say: (line) => stream.write(`${clear}${line}\n`),
    passing: (line) => {
      if (isTTY) stream.write(`${clear}${line}`)
    },
  }
}
