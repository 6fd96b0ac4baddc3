// a decoder that is loaded when needed → the decoder, or an error that says what is missing

import { AudioFormatError } from '../core/errors.ts';
import { loadPart } from '../core/loadPart.ts';

/**
 * Waits for a decoder.
 *
 * @param decoder what import() gives
 * @param found for the message: `found <found> loaded by import(), which fails here`
 * @throws {AudioFormatError} where it cannot be loaded
 */
export function loadDecoder<T>(decoder: Promise<T>, found: string): Promise<T> {
  return loadPart(
    decoder,
    (reason, cause) => new AudioFormatError(`Cannot decode audio: found ${found} ${reason}`, { cause }),
  );
}
