// a decoder of whole files → one of files that are read

import type { AudioFormat, AudioPieces } from '../audioDecoder.ts';

/** Decodes what is left to read, once all of it is there: for what cannot be decoded as it comes. */
export function wholly(decode: (bytes: Uint8Array) => AudioPieces): AudioFormat['decode'] {
  return async function* (reader) {
    yield* decode(await reader.rest());
  };
}
