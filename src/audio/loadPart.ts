// a part of the library that is loaded when needed → the part, or an error that says what is missing

import { AudioFormatError } from '../core/errors.ts';

/**
 * Waits for a part.
 *
 * @param part what import() gives
 * @param found for the message: `found <found> loaded by import(), which fails here`
 * @throws {AudioFormatError} where it cannot be loaded: service workers cannot load what is not bundled with them
 */
export function loadPart<T>(part: Promise<T>, found: string): Promise<T> {
  return part.catch((cause: unknown) => {
    throw new AudioFormatError(
      `Cannot decode audio: found ${found} loaded by import(), which fails here: ` +
        `${cause instanceof Error ? cause.message : String(cause)} (in a service worker, bundle the library into one file)`,
      { cause },
    );
  });
}
