// Just enough of protobuf's wire format to change something deep inside a message that somebody else has serialised.
// https://protobuf.dev/programming-guides/encoding/

/** The message with every embedded message of one field replaced; all other fields stay as they are. @throws RangeError when it is cut off */
export function rewrite(
  message: Uint8Array,
  number: number,
  replace: (inner: Uint8Array, index: number) => Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = []
  let index = 0
  for (let at = 0; at < message.length; ) {
    const [tag, afterTag] = varintAt(message, at)
    const wireType = tag & 7
    const [length, bodyAt] = wireType === 2 ? varintAt(message, afterTag) : [fixedLengths[wireType], afterTag]
    const end = length === undefined ? varintAt(message, afterTag)[1] : bodyAt + length
    if (tag >>> 3 === number && wireType === 2) {
      const inner = replace(message.subarray(bodyAt, end), index++)
      parts.push(message.subarray(at, afterTag), varint(inner.length), inner)
    } else parts.push(message.subarray(at, end))
    at = end
  }
  return Buffer.concat(parts)
}

/** Bytes by wire type; varints (0) have to be read, length-delimited fields (2) say theirs. */
const fixedLengths: Record<number, number> = { 1: 8, 5: 4 }

function varintAt(bytes: Uint8Array, start: number): [value: number, end: number] {
  let value = 0
  for (let at = start; ; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new RangeError('a varint goes beyond the end of the message')
    value += (byte & 0x7f) * 2 ** (7 * (at - start))
    if (byte < 0x80) return [value, at + 1]
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Uint8Array.of(...bytes, rest)
}
