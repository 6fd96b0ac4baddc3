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
import type { VoiceActivity } from './voiceActivityOptions.ts';

/** What is known of a sound, the more the further it is read. */
export interface SoundLength {
  /** Seconds that have been read. */
  seconds: number;
  /** Seconds in all: from the beginning where the file says, else once it is read. */
  totalSeconds: number | undefined;
  /** Samples before the first frame that were cut off, at the extractor's rate. */
  trimmed?: number;
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
  /** Hears the sound, too: of up to ten minutes all before the first features, of a longer one all that they are made of. */
  readonly activity?: VoiceActivity | undefined;
  /** Whether there are no features where `activity` has heard no speech in a sound of up to ten minutes. */
  readonly onlySpeech?: boolean | undefined;
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
  { trim, signal, activity, onlySpeech = false }: SoundFramesOptions,
  length: SoundLength,
): AsyncGenerator<FeatureMatrix, void, undefined> {
  const { sampleRate, trim: trimming } = extractor.options;
  const all = preprocessPieces(measured(pieces, length), sampleRate);
  const prepared = activity ? heard(all, activity) : all;
  try {
    const held: Float32Array[] = [];
    let samples = 0;
    while (samples <= HELD_SECONDS * sampleRate) {
      const { done, value } = await prepared.next();
      signal?.throwIfAborted();
      if (done) {
        if (samples === 0 || (onlySpeech && activity?.hasSpeech === false)) return;
        const whole = { samples: await joinInTurns(held, signal), sampleRate };
        const kept = trim && trimming ? await trimUnchecked(whole, trimming, signal) : whole;
        length.trimmed = (kept.samples.byteOffset - whole.samples.byteOffset) / Float32Array.BYTES_PER_ELEMENT;
        yield computeUnchecked(extractor, kept.samples, signal);
        return;
      }
      held.push(value);
      samples += value.length;
    }
    const onStart = (start: number) => {
      length.trimmed = start;
    };
    const kept =
      trim && trimming
        ? trimPieces(await joinInTurns(held.splice(0), signal), prepared, sampleRate, trimming, onStart)
        : following(held, prepared);
    yield* wholeFeatures(extractor, kept);
  } finally {
    await prepared.return();
  }
}

/** Samples that are heard at a time. */
const PIECE = 2 ** 15;

/** Samples as they are, once what is behind them has been heard as far as it matters. */
async function* heard(
  pieces: AsyncIterable<Float32Array>,
  activity: VoiceActivity,
): AsyncGenerator<Float32Array, void, undefined> {
  const waiting: Float32Array[] = [];
  let ahead = 0; // samples behind the first of those
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += PIECE) {
      const samples = piece.subarray(at, at + PIECE);
      await activity.push(samples);
      if (waiting.length > 0) ahead += samples.length;
      waiting.push(samples);
      while (waiting.length > 1 && ahead >= activity.lookahead) {
        yield waiting.shift()!;
        ahead -= waiting[0]!.length;
      }
    }
  }
  await activity.end();
  yield* waiting;
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
