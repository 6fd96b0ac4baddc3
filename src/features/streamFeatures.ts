// live samples at any rate → frames of features, as soon as they are complete

import { PreprocessStream } from '../audio/preprocessStream.ts';
import { SoundSource } from '../audio/soundSource.ts';
import { abortable, onAbort } from '../core/abortable.ts';
import { checkNothingElse, checkOptions } from '../core/check.ts';
import { endable } from '../core/endable.ts';
import { nextTask } from '../core/nextTask.ts';
import type { FeatureExtractor } from './featureExtractor.ts';
import type { FeatureMatrix } from './featureMatrix.ts';
import { FeatureStream } from './featureStream.ts';

/** Options of {@link streamFeatures}. */
export interface StreamFeaturesOptions {
  /** Samples per second of what comes, a whole number. */
  readonly sampleRate: number;
  /** Ends the stream, whether the source gives anything or not: the next frames reject with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Frames that follow those given before, [frames, bins]. */
export interface FeatureFrames extends FeatureMatrix {
  /** The number of the first of them: it is centred `startFrame / extractor.framesPerSecond` seconds into the sound. */
  readonly startFrame: number;
}

const ACTION = 'stream features';
/** How much sound is transformed at a time, and between turns of the host, in seconds. */
const PIECE_SECONDS = 1;
/** A piece counts for so much sound at least when turns are given: a source may give empty ones forever. */
const LEAST_PIECE_SECONDS = 0.01;

/**
 * The features of live sound, for example to draw the spectrogram that a model sees. Each frame is what the extractor computes of the
 * whole sound, but for those at its ends that see beyond it: these are left out. Nothing is trimmed. Ending the iteration, an abort
 * and an error end the source, too.
 *
 * @throws {RangeError} when the rate cannot be resampled from
 * @throws {TypeError} when the source is none or gives something else, an option is of the wrong type or of another name
 * @throws {AudioFormatError} when a sample is not finite
 *
 * @example
 * ```ts
 * const extractor = new FeatureExtractor(classifier.settings.features);
 * for await (const { values, startFrame } of streamFeatures(extractor, sound, { sampleRate: sound.sampleRate })) draw(values, startFrame);
 * ```
 */
export function streamFeatures(
  extractor: FeatureExtractor,
  source: AsyncIterable<Float32Array>,
  options: StreamFeaturesOptions,
): AsyncGenerator<FeatureFrames, void, undefined> {
  return endable((controller) => featuresOf(extractor, source, options, controller));
}

async function* featuresOf(
  extractor: FeatureExtractor,
  source: AsyncIterable<Float32Array>,
  options: StreamFeaturesOptions,
  controller: AbortController,
): AsyncGenerator<FeatureFrames, void, undefined> {
  const sound = new SoundSource(ACTION, source); // first, so that it is ended even when something else is wrong
  let stopListening = () => {};
  try {
    const { sampleRate, signal, ...rest } = checkOptions(ACTION, options);
    checkNothingElse(ACTION, rest);
    stopListening = onAbort(signal, (reason) => controller.abort(reason));
    const rate = extractor.options.sampleRate;
    const preprocess = new PreprocessStream(sampleRate, rate);
    const frames = new CompleteFrames(extractor, rate * PIECE_SECONDS);
    for await (const samples of inTurns(sound, sampleRate, controller.signal)) {
      yield* frames.push(preprocess.push(samples));
    }
    yield* frames.push(preprocess.flush());
  } finally {
    stopListening();
    sound.end();
  }
}

/** What a source gives, none of it long, with turns of the host. */
async function* inTurns(
  sound: SoundSource,
  sampleRate: number,
  signal: AbortSignal,
): AsyncGenerator<Float32Array, void, undefined> {
  const most = PIECE_SECONDS * sampleRate;
  let sinceTurn = 0;
  for (;;) {
    const samples = await abortable(sound.next(), signal);
    if (!samples) return;
    for (let at = 0; at === 0 || at < samples.length; at += most) {
      const piece = samples.subarray(at, at + most);
      yield piece;
      sinceTurn += Math.max(piece.length, LEAST_PIECE_SECONDS * sampleRate);
      if (sinceTurn < most) continue;
      sinceTurn = 0;
      await nextTask();
      signal.throwIfAborted();
    }
  }
}

/** Frames that samples complete. */
class CompleteFrames {
  readonly #features: FeatureStream;
  readonly #most: number;
  #given: number;

  /** @param most how many samples are transformed at a time */
  constructor(extractor: FeatureExtractor, most: number) {
    this.#features = new FeatureStream(extractor, most);
    this.#most = most;
    this.#given = this.#features.firstFrame;
  }

  /** Takes the samples that follow, and gives the frames that they complete. */
  *push(samples: Float32Array): Generator<FeatureFrames, void, undefined> {
    for (let at = 0; at < samples.length; at += this.#most) {
      this.#features.push(samples.subarray(at, at + this.#most));
      const { endFrame } = this.#features;
      if (endFrame <= this.#given) continue;
      yield { ...this.#features.frames(this.#given, endFrame), startFrame: this.#given };
      this.#given = endFrame;
    }
  }
}
