// bytes of a format that only the browser knows → its sound

import { AudioFormatError } from '../core/errors.ts';
import { audioBufferPiece } from './audioBufferPiece.ts';
import type { AudioFormat, AudioPiece } from './audioDecoder.ts';
import { wholly } from './formats/wholly.ts';
import { CONVERSION } from './peerDecoder.ts';

/** The decoder resamples to its context's rate: that of Opus and of most microphones. */
const SAMPLE_RATE = 48_000;
/** Bytes of a file that it is given at most: it takes a copy, and unpacks all of it before its length can be seen. */
export const MOST_BYTES = 2 ** 30;

/** Whether the platform has a decoder: browsers in a window, neither Node nor workers. */
export function hasPlatformDecoder(): boolean {
  return typeof OfflineAudioContext === 'function';
}

/**
 * Whatever the browser can play, at 48 kHz.
 *
 * @param found what the bytes seem to be, for messages
 * @param supported the formats that are decoded without the browser, for messages
 */
export function platformFormat(found: string, supported: readonly string[]): AudioFormat {
  return { name: found, sniff: () => found, decode: wholly((bytes) => decode(bytes, found, supported)) };
}

async function* decode(
  bytes: Uint8Array,
  found: string,
  supported: readonly string[],
): AsyncGenerator<AudioPiece, void, undefined> {
  if (bytes.length > MOST_BYTES) {
    throw new AudioFormatError(
      `Cannot decode audio: found ${found} of ${bytes.length} bytes; ${MOST_BYTES} are decoded at most`,
    );
  }
  const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  const copy = new Uint8Array(bytes).buffer; // the decoder takes the buffer away
  const buffer = await context.decodeAudioData(copy).catch((cause: unknown) => {
    throw new AudioFormatError(
      `Cannot decode audio: found ${found}; supported are ${supported.join(', ')} and what this browser can play; ${CONVERSION}`,
      { cause },
    );
  });
  yield audioBufferPiece(buffer);
}
