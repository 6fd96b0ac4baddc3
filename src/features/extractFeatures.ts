// a waveform that was checked where it came in → what features are computed from, and the features
//
// The work of FeatureExtractor, for callers that trust their samples; users call the extractor, which checks them.

import { withoutOffset } from '../audio/offsetRemoval.ts';
import { resampleUnchecked } from '../audio/resample.ts';
import { type ResolvedTrimOptions, trimUnchecked } from '../audio/trim.ts';
import type { Waveform } from '../audio/waveform.ts';
import { nextTask } from '../core/nextTask.ts';
import type { Features } from './featureKinds.ts';
import type { FeatureMatrix } from './featureMatrix.ts';

/** What there is to know of a `FeatureExtractor`. */
interface Extractor {
  readonly options: { readonly sampleRate: number; readonly trim: ResolvedTrimOptions | false };
  readonly features: Features;
}

/** How a waveform is taken. */
interface ExtractUncheckedOptions {
  /** `false` leaves it untrimmed. @default true */
  readonly trim?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Numbers that go through the Fourier transform between turns of the host: 512 frames by default, some 10 ms of work. */
const WORK = 2 ** 20;

/** `FeatureExtractor.extract` of a waveform that was checked where it came in. */
export async function extractUnchecked(
  extractor: Extractor,
  waveform: Waveform,
  options: ExtractUncheckedOptions = {},
): Promise<FeatureMatrix> {
  const { samples } = await preprocessUnchecked(extractor, waveform, options);
  return computeUnchecked(extractor, samples, options.signal);
}

/** `FeatureExtractor.preprocess` of a waveform that was checked where it came in. */
export async function preprocessUnchecked(
  { options }: Pick<Extractor, 'options'>,
  waveform: Waveform,
  { trim = true, signal }: ExtractUncheckedOptions = {},
): Promise<Waveform> {
  const resampled = await resampleUnchecked(withoutOffset(waveform), options.sampleRate, signal);
  signal?.throwIfAborted();
  return trim && options.trim ? trimUnchecked(resampled, options.trim, signal) : resampled;
}

/** The features of samples that are at the extractor's rate and have been checked and preprocessed; with turns of the host. */
export async function computeUnchecked(
  { features }: Pick<Extractor, 'features'>,
  samples: Float32Array,
  signal?: AbortSignal | undefined,
): Promise<FeatureMatrix> {
  const { bins } = features;
  const frames = features.frameCount(samples.length);
  const values = new Float32Array(frames * bins);
  const slice = Math.ceil(WORK / workOf(features));
  for (let start = 0; start < frames; start += slice) {
    await nextTask();
    signal?.throwIfAborted();
    const part = features.computeFrames(samples, start, Math.min(frames, start + slice));
    values.set(part.values, start * bins);
  }
  return { values, frames, bins };
}

/** Numbers that go through the Fourier transform for a frame; of features without one, the samples that a frame looks at. */
function workOf({ options, reach: [from, to] }: Features): number {
  const { fftLength = to - from } = options as { readonly fftLength?: number | undefined };
  return fftLength;
}
