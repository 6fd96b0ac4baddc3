// clips → the copies of them that leak in public code, as examples of their own

import { type ExampleSet, mergeExamples, type RavdessDataset } from 'speech-emotion';
import { resample } from 'speech-emotion/features';
import { changedName } from '../corpus/changedClips.ts';
import { PERTURBATIONS, type Perturbation } from '../robustness/perturbations.ts';
import { perturbedExamples } from '../robustness/perturbedExamples.ts';
import type { TrainingConfig } from '../training/trainingConfig.ts';

/** The name of the clip itself under another name. */
export const TWIN = 'twin';

const FASTER: Perturbation = {
  name: 'faster',
  description: 'played 6 % faster, and higher, as on a tape',
  async apply({ samples, sampleRate }) {
    return resample({ samples, sampleRate: Math.round(1.06 * sampleRate) }, sampleRate).then(({ samples }) => ({
      samples,
      sampleRate,
    }));
  },
};

/** By name: noise and speed, as augmentation has them; MP3 for the sound of a video, which is the same take through another codec. */
const CHANGES = [...PERTURBATIONS.filter(({ name }) => name === 'noise-20db' || name === 'mp3'), FASTER];

/** Each clip itself under another name and through each change, as `NAME#CHANGE`. */
export async function leakingCopies(
  speech: RavdessDataset,
  examples: ExampleSet,
  paths: readonly string[],
  { features }: Pick<TrainingConfig, 'features'>,
  signal: AbortSignal,
): Promise<ExampleSet> {
  const twins = examples.examples.map((example) => ({ ...example, name: changedName(example.name, TWIN) }));
  const changed = await perturbedExamples(speech, paths, features, { perturbations: CHANGES, signal });
  return mergeExamples({ ...examples, examples: twins }, changed);
}
