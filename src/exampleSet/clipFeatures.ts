// recording → features of it and of its speed copies

import { resample } from '../audio/resample.ts';
import type { Waveform } from '../audio/waveform.ts';
import { abortable } from '../core/abortable.ts';
import { nextTask } from '../core/nextTask.ts';
import type { Recording } from '../dataset/recording.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';

/** What came of a recording: its features at each speed, or why there are none. */
export type ClipOutcome =
  | {
      /** A matrix a speed. */
      readonly value: readonly FeatureMatrix[];
    }
  | {
      /** What reading it or the extractor threw. */
      readonly error: unknown;
    };

/** What a {@link FeatureExecutor} has to know, and whom to tell. */
export interface FeatureRun {
  /** How features are made. */
  readonly extractor: FeatureExtractor;
  /** How fast each variant runs: the first is 1. */
  readonly speeds: readonly number[];
  /** To be called once for each recording, with its place in the list; what it throws ends the run. */
  readonly onOutcome: (recording: number, outcome: ClipOutcome) => void;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal: AbortSignal | undefined;
}

/** Works out the features of recordings, in any order. */
export type FeatureExecutor = (recordings: readonly Recording[], run: FeatureRun) => Promise<void>;

/** One after the other, here: what is done unless another executor is given. */
export const extractHere: FeatureExecutor = async (recordings, { extractor, speeds, onOutcome, signal }) => {
  for (const [i, recording] of recordings.entries()) {
    signal?.throwIfAborted();
    let outcome: ClipOutcome;
    try {
      outcome = { value: await clipFeatures(recording, extractor, speeds, signal) };
    } catch (error) {
      signal?.throwIfAborted();
      outcome = { error };
    }
    onOutcome(i, outcome);
    await nextTask();
  }
};

/**
 * Reads a recording and works out its features at each speed.
 *
 * @throws what reading it or {@link FeatureExtractor.extract} throws
 */
export async function clipFeatures(
  recording: Pick<Recording, 'waveform'>,
  extractor: FeatureExtractor,
  speeds: readonly number[],
  signal?: AbortSignal,
): Promise<FeatureMatrix[]> {
  const clip = await extractor.preprocess(await abortable(recording.waveform({ signal }), signal), { signal });
  const variants: FeatureMatrix[] = [];
  for (const speed of speeds) variants.push(await extractor.extract(await faster(clip, speed), { trim: false }));
  return variants;
}

/** The samples as they are, said to be of a higher rate and brought back to the true one. */
function faster({ samples, sampleRate }: Waveform, speed: number): Promise<Waveform> {
  const sped = { samples, sampleRate: Math.round(sampleRate * speed) };
  return resample(sped, sampleRate);
}
