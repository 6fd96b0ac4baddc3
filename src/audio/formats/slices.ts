// bytes → slices that take some 20 ms to decode

/** Bytes that a slice has at most: of MP3, which unpacks to 100 samples a byte at most, as long to decode. */
const MOST_BYTES = 2 ** 15;

/** The bytes in order, without a gap, none of it empty. */
export function* slices(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += MOST_BYTES) yield bytes.subarray(at, at + MOST_BYTES);
}
