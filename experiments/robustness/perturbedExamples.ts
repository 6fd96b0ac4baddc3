// test clips → features of each clip under each perturbation, computed once and kept in .cache

import {
  type ExampleSet,
  FeatureExtractor,
  type FeatureExtractorOptions,
  LabelledDataset,
  mergeExamples,
  type Recording,
  type Waveform,
} from 'speech-emotion';
import { RandomStream } from 'speech-emotion/layers';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { once } from '../corpus/once.ts';
import { PerturbedRecording } from './perturbations/perturbedRecording.ts';
import { PERTURBATIONS, type Perturbation } from './perturbations.ts';

interface PerturbedOptions {
  /** Which perturbations, one or more. @default all */
  readonly perturbations?: readonly Perturbation[] | undefined;
  /** Of whose speakers others than a clip's are what it is perturbed by. @default the clips themselves */
  readonly voices?: LabelledDataset | undefined;
  /** Stops the work; finished perturbations are kept. */
  readonly signal?: AbortSignal | undefined;
}

/** Voices at once in babble. */
const VOICES = 4;

/**
 * The features of perturbed clips, as the model's own extractor makes them, trimming included. `NAME#PERTURBATION` is the perturbed
 * copy of the clip `NAME`. All clips of the first perturbation come first, then those of the next; each perturbation is cached on its
 * own, so that a changed one does not invalidate the others.
 *
 * Clips are resampled to the sampling rate of the features first. Most of the noise in a recording at 48 kHz lies above what a model
 * at 16 kHz hears: the test would be easier than with the same recording at 16 kHz.
 *
 * @param speech the test clips
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
  const { perturbations = PERTURBATIONS, voices = speech, signal } = options;
  const { sampleRate } = new FeatureExtractor(features).options;
  // Resampling is most of the work: once for all perturbations of a clip.
  const sources = new Map(Array.from(speech, (clip) => [clip, once(() => clip.waveform({ sampleRate, signal }))]));
  const sourceOf = (clip: Recording) => sources.get(clip) ?? (() => clip.waveform({ sampleRate, signal }));
  const voicesFor = (clip: Recording) => async () => {
    const heard: Waveform[] = [];
    for (const other of othersThan(clip, voices)) heard.push(await sourceOf(other)());
    return heard;
  };
  const sets: ExampleSet[] = [];
  for (const perturbation of perturbations) {
    const clips = Array.from(
      speech,
      (clip) => new PerturbedRecording(clip, perturbation, sources.get(clip)!, voicesFor(clip)),
    );
    const { name, description } = perturbation;
    const dataset = new LabelledDataset(clips, { labels: speech.labels });
    sets.push(await cachedExamples(dataset, paths, { features, perturbed: { name, description } }, signal));
  }
  const [first, ...others] = sets;
  if (!first) throw new RangeError('Cannot perturb examples: there must be a perturbation or more, got none');
  return mergeExamples(first, ...others);
}

/** Clips of other speakers, drawn by the clip's name. */
function othersThan(clip: Recording, voices: LabelledDataset): Recording[] {
  const candidates = [...voices].filter(({ speaker }) => speaker !== clip.speaker);
  return new RandomStream(0, 'voices', clip.name.split('/').at(-1)!).shuffle(candidates).slice(0, VOICES);
}
