// the training configurations for several corpora that `npm run search-voices` tries, in order

import type { AugmentOptions } from 'speech-emotion';
import { TRAINING_CONFIGS, type TrainingConfig } from '../training/trainingConfig.ts';

/** A configuration to try, and the question it answers. */
export interface VoicesTrial {
  readonly name: string;
  readonly why: string;
  readonly config: TrainingConfig;
  /** Whether RAVDESS alone is trained on. */
  readonly isAlone?: boolean;
}

const { independent, voices } = TRAINING_CONFIGS;

/** Weight decay pulls in proportion to the learning rate: over a whole run, 0.1 leaves weights about 0.6 of what they would be. */
const DECAY = 0.5;

/** RAVDESS a third of the draws, the other corpora alike, and the labels of each. */
const FIRST: TrainingConfig = {
  ...independent,
  network: voices.network,
  training: {
    ...independent.training,
    epochs: 30,
    classWeights: 'none',
    sampling: { shares: { RAVDESS: 1 / 3 } },
    augment: { ...independent.training.augment, tempo: {} },
  },
};

/** All corpora and all augmentation from the first step on. */
const AT_ONCE: TrainingConfig = {
  ...voices,
  training: {
    ...independent.training,
    epochs: 40,
    classWeights: 'none',
    sampling: { shares: { RAVDESS: 1 / 2 } },
    augment: voices.training.augment,
  },
};

/** Everything that another room, microphone or line may do, and crops of a share of the clips. */
function surroundings(cropped: number, epochs: number): TrainingConfig {
  const augment = { ...voices.training.augment, crop: { probability: cropped } };
  return { ...FIRST, training: { ...FIRST.training, epochs, augment } };
}

/** The same with another share of RAVDESS. */
function atOnce(share: number): TrainingConfig {
  return { ...AT_ONCE, training: { ...AT_ONCE.training, sampling: { shares: { RAVDESS: share } } } };
}

/** Less regularised: the loss of `half` ended at 1.0, far above that of RAVDESS alone, so it learns too little rather than too much. */
function lighter(augment: AugmentOptions): TrainingConfig {
  return {
    ...AT_ONCE,
    network: { ...voices.network, recurrent: { inputDropout: 0.15 }, head: { dropout: 0.15 } },
    training: {
      ...AT_ONCE.training,
      weightDecay: 0.02,
      augment: { ...voices.training.augment, timeMasks: false, frequencyMasks: false, ...augment },
    },
  };
}

export const VOICES_TRIALS: readonly VoicesTrial[] = [
  { name: 'alone', why: 'RAVDESS alone: what the others are to keep', config: independent, isAlone: true },
  { name: 'corpora', why: 'all corpora, partial labels, anti-aliased pooling, tempo', config: FIRST },
  { name: 'surroundings', why: 'the same with rooms, microphones, lines and noise', config: surroundings(0.3, 30) },
  {
    name: 'longer',
    why: 'the loss was still falling: twice as long, with more crops, since a second of speech lost most',
    config: surroundings(0.5, 60),
  },
  {
    name: 'third',
    why: 'longer was no better: as many steps as before, with more crops, on what may ship, nEMO, ASED and EMOVO beside RAVDESS',
    config: atOnce(1 / 3),
  },
  { name: 'half', why: 'the same with RAVDESS half of the draws', config: atOnce(1 / 2) },
  { name: 'lighter', why: 'a fifth of the weight decay, half of the dropout, no masks', config: lighter({}) },
  {
    name: 'milder',
    why: 'the same with less augmentation: a third of the clips stay as they are but for their gain and tempo',
    config: lighter({
      crop: { probability: 0.25 },
      room: { probability: 0.12 },
      babble: { probability: 0.08 },
      colouredNoise: { probability: 0.1 },
      equalisation: { probability: 0.25 },
      telephone: { probability: 0.15 },
      noise: { probability: 0.1, minDb: -80, maxDb: -50 },
    }),
  },
  {
    name: 'alone-decay',
    why: 'RAVDESS alone, five times the weight decay',
    config: { ...independent, training: { ...independent.training, weightDecay: DECAY } },
    isAlone: true,
  },
  {
    name: 'alone-steady',
    why: 'the same with anti-aliased pooling and exact trimming',
    config: { ...voices, training: { ...independent.training, weightDecay: DECAY } },
    isAlone: true,
  },
  { name: 'curriculum', why: 'RAVDESS alone first, then all corpora under all augmentation', config: voices },
];
