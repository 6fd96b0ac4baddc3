// samples as they come → the same without their constant offset, at another sampling rate
//
// What is done to sound before its levels are measured and its features computed, whether it is a recording or live.

import { joinArrays } from '../core/joinArrays.ts';
import { nextTask } from '../core/nextTask.ts';
import { OffsetRemoval } from './offsetRemoval.ts';
import { ResampleStream } from './resampleStream.ts';
import type { Waveform } from './waveform.ts';

/** Preprocesses sound that goes on: piece by piece as the whole. */
export class PreprocessStream {
  readonly #offset: OffsetRemoval;
  readonly #resampler: ResampleStream;

  /**
   * @param from the rate of what will come, in Hz
   * @param to the rate to bring it to, in Hz
   * @throws {RangeError | TypeError} when one cannot be brought to the other
   */
  constructor(from: number, to: number) {
    this.#resampler = new ResampleStream(from, to);
    this.#offset = new OffsetRemoval(from);
  }

  /** Takes the samples that follow, and gives those that they complete: none where they are few. */
  push(samples: Float32Array): Float32Array {
    return this.#resampler.push(this.#offset.push(samples));
  }

  /** The samples that are left when no more come. */
  flush(): Float32Array {
    const last = this.#resampler.push(this.#offset.flush());
    return joinArrays(Float32Array, [last, this.#resampler.flush()]);
  }
}

/**
 * Preprocesses sound that comes piece by piece.
 *
 * @param sampleRate the rate to bring it to, in Hz
 * @throws {RangeError} when one rate cannot be brought to the other
 */
export async function* preprocessPieces(
  pieces: AsyncIterable<Waveform>,
  sampleRate: number,
): AsyncGenerator<Float32Array, void, undefined> {
  let stream: PreprocessStream | undefined;
  for await (const piece of pieces) {
    if (!stream) {
      stream = new PreprocessStream(piece.sampleRate, sampleRate);
      await nextTask(); // the filter has been designed, some 10 ms of work
    }
    const samples = stream.push(piece.samples);
    if (samples.length > 0) yield samples;
  }
  const last = stream?.flush();
  if (last && last.length > 0) yield last;
}
