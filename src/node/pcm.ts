// bytes of raw samples as they come → samples

import type { Readable } from 'node:stream';
import { mixDown } from '../audio/mixDown.ts';
import { onAbort } from '../core/abortable.ts';
import { checkInteger, checkNothingElse, checkOneOf, checkOptions, typeName } from '../core/check.ts';
import { endable } from '../core/endable.ts';
import { joinArrays } from '../core/joinArrays.ts';
import { isUint8Array } from '../core/realm.ts';

/** Options of {@link pcm}. */
export interface PcmOptions {
  /** Sample format, little-endian: integers of 16 or 32 bits, or 32-bit floats. @default 's16' */
  readonly format?: PcmFormat | undefined;
  /** Number of interleaved channels, which are averaged. @default 1 */
  readonly channels?: number | undefined;
}

/** A sample format, as `arecord` and `ffmpeg` have them: S16_LE, S32_LE, FLOAT_LE; s16le, s32le, f32le. */
export type PcmFormat = 's16' | 's32' | 'f32';

const FORMATS: Readonly<Record<PcmFormat, { bytes: number; read: (view: DataView, at: number) => number }>> = {
  s16: { bytes: 2, read: (view, at) => view.getInt16(at, true) / 2 ** 15 },
  s32: { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2 ** 31 },
  f32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
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
 * // arecord -q -f S16_LE -r 16000 -c 1 -t raw | node live.js
 * const source = pcm(process.stdin);
 * for await (const segment of classifier.stream(source, { sampleRate: 16_000 })) console.log(segment);
 * ```
 */
export function pcm(bytes: AsyncIterable<Uint8Array>, options: PcmOptions = {}): AsyncGenerator<Float32Array, void> {
  const { format = 's16', channels = 1, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkOneOf(ACTION, 'format', format, Object.keys(FORMATS));
  checkInteger(ACTION, 'channels', channels, 1, 64);
  if (typeof bytes?.[Symbol.asyncIterator] !== 'function') {
    throw new TypeError(`Cannot ${ACTION}: bytes must be a Readable or another async iterable, got ${typeName(bytes)}`);
  }
  return endable(({ signal }) => {
    // Only this ends a stream that gives nothing: its iterator would wait for the next piece.
    onAbort(signal, () => (bytes as Partial<Readable>).destroy?.());
    return samplesOf(bytes, format, channels);
  });
}

const ACTION = 'read PCM';

async function* samplesOf(bytes: AsyncIterable<Uint8Array>, format: PcmFormat, channels: number) {
  const { bytes: width, read } = FORMATS[format];
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
