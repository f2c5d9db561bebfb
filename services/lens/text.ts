// Text for a terminal: cut, wrapped and painted. Telemetry is foreign text, so that control characters never get through.

/** Functions that colour a text, or leave it as it is. */
export type Palette = Record<'bold' | 'dim' | 'red' | 'yellow' | 'cyan', (text: string) => string>

export function palette(colour: boolean): Palette {
  const sgr = (on: number, off: number) => (text: string) => (colour ? `\u001b[${on}m${text}\u001b[${off}m` : text)
  return { bold: sgr(1, 22), dim: sgr(2, 22), red: sgr(31, 39), yellow: sgr(33, 39), cyan: sgr(36, 39) }
}

/** Line breaks and tabs become blanks; other control, format and direction characters become `�`: a log line cannot drive the terminal. */
export const printable = (text: string): string =>
  text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')

/** Exactly `width` characters: padded with blanks, or cut with `…` at the end. */
export function cell(text: string, width: number): string {
  const characters = [...printable(text)]
  if (characters.length <= width) return characters.join('') + ' '.repeat(width - characters.length)
  return `${characters.slice(0, width - 1).join('')}…`
}

/** Lines of at most `width` characters, broken at blanks where there are any; all but the first are indented. */
export function wrap(text: string, width: number, indent: number): string[] {
  const lines: string[] = []
  let rest = [...printable(text)]
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width)
    const at = blank > indent + 1 ? blank : width
    lines.push(rest.slice(0, at).join(''))
    rest = [...' '.repeat(indent), ...rest.slice(at).join('').trimStart()]
  }
  return [...lines, rest.join('')]
}

/** `7.3 ms`, `842 ms`. */
export const inMs = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`

/** `4.2 %`, `81 %`, from a share of 0–1. */
export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
