// bytes of raw samples as they come → samples

import type { Readable } from 'node:stream';
import { type SampleEncoding, sampleReader } from '../audio/formats/sampleReader.ts';
import { mixDown } from '../audio/mixDown.ts';
import { onAbort } from '../core/abortable.ts';
import { checkInteger, checkNothingElse, checkOneOf, checkOptions, typeName } from '../core/check.ts';
import { endable } from '../core/endable.ts';
import { joinArrays } from '../core/joinArrays.ts';
import { isUint8Array } from '../core/realm.ts';

/** Options of {@link pcm}. */
export interface PcmOptions {
  /**
   * Sample format: integers of 8 (unsigned), 16, 24 or 32 bits, 32-bit floats, or the eight bits of telephony's µ-law and A-law.
   * @default 's16'
   */
  readonly format?: PcmFormat | undefined;
  /** Which byte of a sample comes first: the lowest (`'little'`) or the highest (`'big'`, as on networks). @default 'little' */
  readonly byteOrder?: 'little' | 'big' | undefined;
  /** Number of interleaved channels, which are averaged. @default 1 */
  readonly channels?: number | undefined;
}

/**
 * A sample format, as `arecord` and `ffmpeg` have them: U8, S16_LE, S24_3LE, S32_LE, FLOAT_LE, MU_LAW, A_LAW; u8, s16le, s24le, s32le,
 * f32le, mulaw, alaw, with `be` for the other byte order.
 */
export type PcmFormat = 'u8' | 's16' | 's24' | 's32' | 'f32' | 'mulaw' | 'alaw';

const FORMATS: Readonly<Record<PcmFormat, readonly [SampleEncoding, bytes: number]>> = {
  u8: ['unsigned integer', 1],
  s16: ['integer', 2],
  s24: ['integer', 3],
  s32: ['integer', 4],
  f32: ['float', 4],
  mulaw: ['µ-law', 1],
  alaw: ['A-law', 1],
};

/**
 * Samples from raw PCM, such as a recorder writes into a pipe: a source for `EmotionClassifier.stream`.
 *
 * Pieces may end anywhere, even within a sample; an incomplete sample at the very end is ignored. Ending the loop ends the stream that
 * the bytes come from, even while nothing comes.
 *
 * @param bytes a `Readable` such as `process.stdin`, or any async iterable of bytes
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown, or `bytes` cannot be
 *   read
 * @throws {TypeError} while reading, when the stream gives text: it must have no encoding set
 *
 * @example
 * ```ts
 * // A call as Twilio's media streams and SIP have it: µ-law at 8 kHz.
 * const call = pcm(frames, { format: 'mulaw' });
 * for await (const segment of classifier.stream(call, { sampleRate: 8000 })) console.log(segment);
 * ```
 * @example
 * ```ts
 * // arecord -q -f S16_LE -r 16000 -c 1 -t raw | node live.js
 * const source = pcm(process.stdin);
 * for await (const segment of classifier.stream(source, { sampleRate: 16_000 })) console.log(segment);
 * ```
 */
export function pcm(bytes: AsyncIterable<Uint8Array>, options: PcmOptions = {}): AsyncGenerator<Float32Array, void> {
  const { format = 's16', byteOrder = 'little', channels = 1, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkOneOf(ACTION, 'format', format, Object.keys(FORMATS));
  checkOneOf(ACTION, 'byteOrder', byteOrder, ['little', 'big']);
  checkInteger(ACTION, 'channels', channels, 1, 64);
  if (typeof bytes?.[Symbol.asyncIterator] !== 'function') {
    throw new TypeError(`Cannot ${ACTION}: bytes must be a Readable or another async iterable, got ${typeName(bytes)}`);
  }
  return endable(({ signal }) => {
    // Only this ends a stream that gives nothing: its iterator would wait for the next piece.
    onAbort(signal, () => (bytes as Partial<Readable>).destroy?.());
    return samplesOf(bytes, format, byteOrder === 'little', channels);
  });
}

const ACTION = 'read PCM';

async function* samplesOf(bytes: AsyncIterable<Uint8Array>, format: PcmFormat, little: boolean, channels: number) {
  const [encoding, width] = FORMATS[format];
  const read = sampleReader(encoding, width, little)!;
  const frame = width * channels;
  let rest = new Uint8Array(0);
  for await (const piece of bytes) {
    if (!isUint8Array(piece)) {
      throw new TypeError(`Cannot ${ACTION}: the stream must give bytes, got ${typeName(piece)}`);
    }
    const all = joinArrays(Uint8Array, [rest, piece]);
    const frames = Math.floor(all.length / frame);
    rest = all.slice(frames * frame);
    if (frames === 0) continue;
    const view = new DataView(all.buffer);
    const planes = Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: frames }, (_, i) => read(view, i * frame + channel * width)),
    );
    yield mixDown(planes);
  }
}
