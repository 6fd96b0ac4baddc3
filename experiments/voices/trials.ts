// the training configurations for several corpora that `npm run search-voices` tries, in order

import type { AugmentOptions, ConvBlockOptions } from 'speech-emotion';
import { TRAINING_CONFIGS, type TrainingConfig } from '../training/trainingConfig.ts';

/** A configuration to try, and the question it answers. */
export interface VoicesTrial {
  readonly name: string;
  readonly why: string;
  readonly config: TrainingConfig;
}

const { independent } = TRAINING_CONFIGS;

/** Blocks with anti-aliased pooling, of so many filters. */
function steady(filters: readonly [number, number, number, number]): ConvBlockOptions[] {
  return filters.map((count, i) => ({ filters: count, antiAlias: true, ...(i === 3 && { pool: [1, 2] as const }) }));
}

/** RAVDESS a third of the draws, the other corpora alike, and the labels of each. */
const FIRST: TrainingConfig = {
  ...independent,
  network: { convolution: steady([24, 48, 96, 160]) },
  training: {
    ...independent.training,
    epochs: 30,
    classWeights: 'none',
    sampling: { shares: { RAVDESS: 1 / 3 } },
    augment: { ...independent.training.augment, tempo: {} },
  },
};

/** Everything that another room, microphone or line may do, each to a share of the clips, so that about a third stay as they are. */
const SURROUNDINGS: AugmentOptions = {
  gainDb: 12,
  tempo: {},
  crop: { probability: 0.3 },
  room: { probability: 0.2 },
  babble: { probability: 0.15 },
  colouredNoise: { probability: 0.2 },
  equalisation: { probability: 0.4 },
  telephone: { probability: 0.2 },
  noise: { probability: 0.2, minDb: -80, maxDb: -50 },
};

function augmented(augment: AugmentOptions, epochs = 30): TrainingConfig {
  return { ...FIRST, training: { ...FIRST.training, epochs, augment } };
}

/** More crops, silence cut off to the sample, and a share of RAVDESS; what it is trained on is what ships: nEMO, ASED, EMOVO. */
function shipped(share: number): TrainingConfig {
  const { training } = augmented({ ...SURROUNDINGS, crop: { probability: 0.5 } }, 40); // of fewer clips: as many steps
  const sampling = { shares: { RAVDESS: share } };
  return { ...FIRST, features: { trim: { exact: true } }, training: { ...training, sampling } };
}

export const VOICES_TRIALS: readonly VoicesTrial[] = [
  { name: 'corpora', why: 'all corpora, partial labels, anti-aliased pooling, tempo', config: FIRST },
  { name: 'surroundings', why: 'the same with rooms, microphones, lines and noise', config: augmented(SURROUNDINGS) },
  {
    name: 'longer',
    why: 'the loss was still falling: twice as long, with more crops, since a second of speech lost most',
    config: augmented({ ...SURROUNDINGS, crop: { probability: 0.5 } }, 60),
  },
  {
    name: 'third',
    why: 'longer was no better: as many steps as before, with more crops, on what may ship, nEMO, ASED and EMOVO beside RAVDESS',
    config: shipped(1 / 3),
  },
  { name: 'half', why: 'the same with RAVDESS half of the draws', config: shipped(1 / 2) },
];
