// Lines for a person: they scroll, except the live one at the bottom, which is rewritten in place.

type Stream = { isTTY?: boolean; write(text: string): unknown }

export type Terminal = {
  say(line: string): void
  /** Replaces the live line. Where there is no terminal it is printed like any other. */
  live(line: string): void
}

export function openTerminal(stream: Stream): Terminal {
  if (!stream.isTTY) {
    const say = (line: string) => void stream.write(`${line}\n`)
    return { say, live: say }
  }
  let current = ''
  const clear = '\r\u001b[K'
  return {
    say: (line) => void stream.write(`${clear}${line}\n${current}`),
    live: (line) => {
      current = line
      stream.write(`${clear}${line}`)
    },
  }
}
