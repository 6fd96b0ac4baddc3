// samples as they come, at any rate → frames of features as they are complete

import { ResampleStream } from '../audio/resampleStream.ts';
import { checkNothingElse } from '../core/check.ts';
import type { FeatureExtractor } from './featureExtractor.ts';
import type { FeatureMatrix } from './featureMatrix.ts';
import { FeatureStream } from './featureStream.ts';

/** Options of {@link streamFeatures}. */
export interface StreamFeaturesOptions {
  /** Samples per second of what comes, a whole number. */
  readonly sampleRate: number;
}

/** Frames that follow those given before, [frames, bins]. */
export interface FeatureFrames extends FeatureMatrix {
  /** The number of the first of them: it is centred `startFrame / extractor.framesPerSecond` seconds into the sound. */
  readonly startFrame: number;
}

/** How much sound is transformed at a time, in seconds. */
const PIECE_SECONDS = 1;

/**
 * The features of sound that goes on, to draw it as a model sees it, for example. Each frame is what the extractor computes of the
 * whole sound, but for those at its ends that see beyond it: these are left out. Nothing is trimmed.
 *
 * @throws {RangeError} when the rate cannot be resampled from
 * @throws {AudioFormatError} when a sample is not finite
 *
 * @example
 * ```ts
 * const extractor = new FeatureExtractor(classifier.settings.features);
 * for await (const { values, startFrame } of streamFeatures(extractor, sound, { sampleRate: sound.sampleRate })) draw(values, startFrame);
 * ```
 */
export async function* streamFeatures(
  extractor: FeatureExtractor,
  source: AsyncIterable<Float32Array>,
  options: StreamFeaturesOptions,
): AsyncGenerator<FeatureFrames, void, undefined> {
  const { sampleRate, ...rest } = options;
  checkNothingElse('stream features', rest);
  const rate = extractor.options.sampleRate;
  const resampler = await ResampleStream.open(sampleRate, rate);
  const features = new FeatureStream(extractor, PIECE_SECONDS * rate);
  let given = features.firstFrame;
  function* take(samples: Float32Array): Generator<FeatureFrames, void, undefined> {
    for (let at = 0; at < samples.length; at += PIECE_SECONDS * rate) {
      features.push(samples.subarray(at, at + PIECE_SECONDS * rate));
      const { endFrame } = features;
      if (endFrame <= given) continue;
      yield { ...features.frames(given, endFrame), startFrame: given };
      given = endFrame;
    }
  }
  for await (const samples of source) yield* take(resampler.push(samples));
  yield* take(resampler.flush());
}
