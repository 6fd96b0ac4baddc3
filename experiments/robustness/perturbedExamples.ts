// test clips → features of each clip, made worse in each way, worked out once and kept in .cache

import {
  type ExampleSet,
  FeatureExtractor,
  type FeatureExtractorOptions,
  LabelledDataset,
  mergeExamples,
} from 'speech-emotion';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { once } from '../corpus/once.ts';
import { PerturbedRecording } from './perturbations/perturbedRecording.ts';
import { PERTURBATIONS, type Perturbation } from './perturbations.ts';

interface PerturbedOptions {
  /** Which perturbations, one or more. @default all */
  readonly perturbations?: readonly Perturbation[] | undefined;
  /** Stops the work; perturbations that are done are kept. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The features of clips that were made worse, as the model's own extractor makes them, trimming included: `NAME#PERTURBATION`
 * is what became of the clip `NAME`. First come all clips of the first perturbation, then those of the next; each perturbation
 * is kept on its own, so that one that was stopped or changed is made again alone.
 *
 * Clips are brought to the sampling rate of the features before anything is done to them. Most of the noise in a recording at
 * 48 kHz lies above what a model at 16 kHz hears: the test would be easier than with the same recording at 16 kHz.
 *
 * @param speech the clips that are tested
 * @param paths the folders or archives that they were opened from
 * @param features of the model
 * @throws {RangeError} when there are no clips or no perturbations
 */
export async function perturbedExamples(
  speech: LabelledDataset,
  paths: readonly string[],
  features: FeatureExtractorOptions,
  options: PerturbedOptions = {},
): Promise<ExampleSet> {
  const { perturbations = PERTURBATIONS, signal } = options;
  const { sampleRate } = new FeatureExtractor(features).options;
  // Resampling is most of the work, so that each clip is kept as it is then, for all perturbations.
  const sources = new Map(Array.from(speech, (clip) => [clip, once(() => clip.waveform({ sampleRate, signal }))]));
  const sets: ExampleSet[] = [];
  for (const perturbation of perturbations) {
    const clips = Array.from(speech, (clip) => new PerturbedRecording(clip, perturbation, sources.get(clip)!));
    const { name, says } = perturbation;
    const dataset = new LabelledDataset(clips, { labels: speech.labels });
    sets.push(await cachedExamples(dataset, paths, { features, perturbed: { name, says } }, signal));
  }
  const [first, ...others] = sets;
  if (!first) throw new RangeError('Cannot perturb examples: there must be a perturbation or more, got none');
  return mergeExamples(first, ...others);
}
