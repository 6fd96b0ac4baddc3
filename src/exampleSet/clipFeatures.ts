// recording → features of it, of its speed copies and of its other copies

import { checkWaveform } from '../audio/checkWaveform.ts';
import { resampleUnchecked } from '../audio/resample.ts';
import type { Waveform } from '../audio/waveform.ts';
import { abortable } from '../core/abortable.ts';
import { loadPart } from '../core/loadPart.ts';
import { nextTask } from '../core/nextTask.ts';
import { type Recording, SourceRecording } from '../dataset/recording.ts';
import { computeUnchecked, preprocessUnchecked } from '../features/extractFeatures.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { ResolvedCopy } from './copies.ts';

/** The outcome for a recording: its features at each speed and of each copy, or an error. */
export type ClipOutcome =
  | {
      /** One matrix for each speed, then one for each copy. */
      readonly value: readonly FeatureMatrix[];
    }
  | {
      /** What reading it or the extractor threw. */
      readonly error: unknown;
    };

/** What a {@link FeatureExecutor} is given beside the recordings. */
export interface FeatureRun {
  /** How features are made. */
  readonly extractor: FeatureExtractor;
  /** The speed of each of the first variants: the first is 1. */
  readonly speeds: readonly number[];
  /** How the others are made. */
  readonly copies: readonly ResolvedCopy[];
  /** To be called once for each recording, with its index; what it throws ends the run. */
  readonly onOutcome: (recording: number, outcome: ClipOutcome) => void;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal: AbortSignal | undefined;
}

/** Computes the features of recordings, in any order. */
export type FeatureExecutor = (recordings: readonly Recording[], run: FeatureRun) => Promise<void>;

/** The default executor: one recording after the other, in this thread. */
export const extractHere: FeatureExecutor = async (recordings, { extractor, speeds, copies, onOutcome, signal }) => {
  for (const [i, recording] of recordings.entries()) {
    signal?.throwIfAborted();
    let outcome: ClipOutcome;
    try {
      outcome = { value: await clipFeatures(recording, extractor, { speeds, copies }, signal) };
    } catch (error) {
      signal?.throwIfAborted();
      outcome = { error };
    }
    onOutcome(i, outcome);
    await nextTask();
  }
};

/**
 * Reads a recording and computes its features at each speed and of each copy.
 *
 * @throws what reading it or {@link FeatureExtractor.extract} throws
 */
export async function clipFeatures(
  recording: Pick<Recording, 'waveform'>,
  extractor: FeatureExtractor,
  { speeds, copies }: Pick<FeatureRun, 'speeds' | 'copies'>,
  signal?: AbortSignal,
): Promise<FeatureMatrix[]> {
  const waveform = await abortable(recording.waveform({ signal }), signal);
  // Those of files were checked when they were decoded.
  if (!(recording instanceof SourceRecording)) checkWaveform('prepare examples', waveform);
  const clip = await preprocessUnchecked(extractor, waveform, { signal });
  const variants: FeatureMatrix[] = [];
  for (const speed of speeds) variants.push(await computeUnchecked(extractor, await faster(clip, speed)));
  if (copies.length === 0) return variants;
  const { copyWaveform } = await loadPart(
    import('./copyWaveform.ts'),
    (reason, cause) => new Error(`Cannot prepare examples: copies are ${reason}`, { cause }),
  );
  for (const copy of copies) {
    signal?.throwIfAborted();
    variants.push(await computeUnchecked(extractor, await copyWaveform(clip, copy)));
  }
  return variants;
}

/** The samples at a pretended sampling rate, resampled to the true one. */
async function faster({ samples, sampleRate }: Waveform, speed: number): Promise<Float32Array> {
  const sped = { samples, sampleRate: Math.round(sampleRate * speed) };
  return (await resampleUnchecked(sped, sampleRate)).samples;
}
