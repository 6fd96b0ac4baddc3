// mono sound of any length → the frames of its features, as they come

import type { MonoPiece } from '../audio/monoPieces.ts';
import { preprocessPieces } from '../audio/preprocessStream.ts';
import { trimUnchecked } from '../audio/trim.ts';
import { HELD_SECONDS, trimPieces } from '../audio/trimPieces.ts';
import { joinInTurns } from '../core/joinArrays.ts';
import { computeUnchecked } from '../features/extractFeatures.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { wholeFeatures } from '../features/wholeFeatures.ts';

/** What is known of a sound, the more the further it is read. */
export interface SoundLength {
  /** Seconds that have been read. */
  seconds: number;
  /** Seconds in all: from the beginning where the file says, else once it is read. */
  totalSeconds: number | undefined;
}

/** What `onProgress` of `classify` and `explain` is called with. */
export interface SoundProgress {
  /** More of the sound is done. */
  readonly type: 'sound';
  /** Seconds of it that are done. */
  readonly seconds: number;
  /** Its length in seconds; undefined as long as that is not known. */
  readonly totalSeconds: number | undefined;
  /** Which channel it is, where each is listened to by itself. */
  readonly channel?: number | undefined;
}

/** Options of {@link soundFrames}. */
export interface SoundFramesOptions {
  /** Whether silence at both ends is cut off, by the extractor's options. */
  readonly trim: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * The features of a sound. Up to ten minutes are held in memory; of a longer one only what the next frames see, and, where silence is
 * trimmed, its last ten minutes.
 *
 * @param length is kept up to date
 */
export async function* soundFrames(
  extractor: FeatureExtractor,
  pieces: AsyncIterable<MonoPiece>,
  { trim, signal }: SoundFramesOptions,
  length: SoundLength,
): AsyncGenerator<FeatureMatrix, void, undefined> {
  const { sampleRate, trim: trimming } = extractor.options;
  const prepared = preprocessPieces(measured(pieces, length), sampleRate);
  try {
    const held: Float32Array[] = [];
    let samples = 0;
    while (samples <= HELD_SECONDS * sampleRate) {
      const { done, value } = await prepared.next();
      signal?.throwIfAborted();
      if (done) {
        if (samples === 0) return;
        const whole = { samples: await joinInTurns(held, signal), sampleRate };
        const kept = trim && trimming ? await trimUnchecked(whole, trimming, signal) : whole;
        yield computeUnchecked(extractor, kept.samples, signal);
        return;
      }
      held.push(value);
      samples += value.length;
    }
    const all =
      trim && trimming
        ? trimPieces(await joinInTurns(held.splice(0), signal), prepared, sampleRate, trimming)
        : following(held, prepared);
    yield* wholeFeatures(extractor, all);
  } finally {
    await prepared.return();
  }
}

/** Pieces as they are; how long the sound is is noted. */
async function* measured(
  pieces: AsyncIterable<MonoPiece>,
  length: SoundLength,
): AsyncGenerator<MonoPiece, void, undefined> {
  let samples = 0;
  for await (const piece of pieces) {
    const { sampleRate, totalSamples } = piece;
    samples += piece.samples.length;
    length.seconds = samples / sampleRate;
    length.totalSeconds = totalSamples === undefined ? undefined : Math.max(samples, totalSamples) / sampleRate;
    yield piece;
  }
  length.totalSeconds = length.seconds;
}

async function* following(
  held: Float32Array[],
  rest: AsyncIterable<Float32Array>,
): AsyncGenerator<Float32Array, void, undefined> {
  yield* held.splice(0);
  yield* rest;
}
