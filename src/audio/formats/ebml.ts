// bytes of EBML, which Matroska is written in → its elements and numbers
//
// RFC 8794.

/** What an element holds lies from start to end. */
export interface Element {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** The elements that lie next to each other in a part of a file, as far as they are whole. */
export function* elements(bytes: Uint8Array): Generator<Element, void, undefined> {
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    if (!element || element.end > bytes.length) return;
    yield element;
    at = element.end;
  }
}

/** Where something is, if it is an element: of unknown size it ends at infinity. */
export function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const idLength = Math.clz32(bytes[at]! << 24) + 1;
  const size = readVint(bytes, at + idLength);
  if (idLength > 4 || !size) return undefined;
  const start = at + idLength + size.length;
  return { id: readUint(bytes.subarray(at, at + idLength)), start, end: start + size.value };
}

/** A whole number, of up to eight bytes, the first the highest. */
export function readUint(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** A number that says by its leading zeros how many bytes it has; infinity where all its bits are set. */
export function readVint(bytes: Uint8Array, at: number): { value: number; length: number } | undefined {
  const length = Math.clz32((bytes[at] ?? 0) << 24) + 1;
  if (length > 8 || at + length > bytes.length) return undefined;
  const value =
    (bytes[at]! & (2 ** (8 - length) - 1)) * 2 ** (8 * (length - 1)) + readUint(bytes.subarray(at + 1, at + length));
  return { value: value >= 2 ** (7 * length) - 1 ? Number.POSITIVE_INFINITY : value, length };
}
