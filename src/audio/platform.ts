// bytes of a format that only the browser knows → Waveform

import { AudioFormatError } from '../core/errors.ts';
import type { LengthCheck } from './lengthCheck.ts';
import { mixDown } from './mixDown.ts';
import { CONVERSION } from './peerDecoder.ts';
import type { Waveform } from './waveform.ts';

/** The decoder resamples to its context's rate: that of Opus and of most microphones. */
const SAMPLE_RATE = 48_000;
/** Bytes of a file that it is given at most: it takes a copy, and unpacks all of it before its length can be seen. */
const MOST_BYTES = 2 ** 30;

/** Whether the platform has a decoder: browsers in a window, neither Node nor workers. */
export function hasPlatformDecoder(): boolean {
  return typeof OfflineAudioContext === 'function';
}

/**
 * Decodes whatever the browser can play, channels averaged, at 48 kHz.
 *
 * @param found what the bytes seem to be, for the message
 * @param supported the formats that are decoded without the browser, for the message
 * @throws {AudioFormatError} when the browser cannot decode them, or there is too much sound
 */
export async function decodeByPlatform(
  bytes: Uint8Array,
  found: string,
  supported: readonly string[],
  checkLength: LengthCheck,
): Promise<Waveform> {
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
  checkLength(buffer.length, buffer.sampleRate);
  return fromAudioBuffer(buffer);
}

/** Samples of decoded Web Audio, channels averaged. */
export function fromAudioBuffer(buffer: AudioBuffer): Waveform {
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));
  return { samples: mixDown(channels), sampleRate: buffer.sampleRate };
}
