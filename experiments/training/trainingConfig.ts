// the recipes that `train` and `evaluate` follow: the one place to change them

import {
  buildCnnLstm,
  type CnnLstmOptions,
  type FeatureExtractorOptions,
  type SpeakerRule,
  type Teachers,
  type Recipe as TrainingRecipe,
} from 'speech-emotion';

/** All that decides a result but data and seed: plain data, so that it can be compared, stored and sent to threads. */
export interface Recipe {
  readonly features: FeatureExtractorOptions;
  /** Copies of each clip, slower and deeper or faster and higher, that training draws from. */
  readonly speeds: readonly number[];
  /** Whether songs of the training actors are trained on too, where they are given. */
  readonly songs: boolean;
  readonly network: CnnLstmOptions;
  readonly training: TrainingRecipe;
  /** Whether an ensemble is trained first, on the same clips, and distilled into the one model. */
  readonly teachers?: Teachers;
}

/** What all recipes have in common. */
const COMMON = { features: {}, speeds: [0.88, 0.94, 1.06, 1.12], songs: false };

/**
 * Where speakers are not trained on: weights that decay a lot, over many epochs, sound made louder, quieter and faintly noisy, and
 * emotions that count the same however many clips they have.
 */
const GUARDED = {
  epochs: 120,
  batchSize: 32,
  weightDecay: 0.1,
  augment: { gainDb: 12, noise: { probability: 0.3, minDb: -80, maxDb: -50 } },
  classWeights: 'balanced',
} as const;

/** Makes a model of less than 300 kB. */
const SMALL = {
  ...COMMON,
  network: {
    convolution: [{ filters: 24 }, { filters: 48 }, { filters: 64 }, { filters: 64, pool: [1, 2] }],
    recurrent: { units: 24 },
  },
  training: GUARDED,
} satisfies Recipe;

/** What recipes are for: speakers that are not trained on, as most users' are; those that are; phones. */
export type RecipeName = SpeakerRule | 'small';

/**
 * Settled by `npm run search` on inner splits, before the protocols were run. Where speakers are trained on, there is less to guard
 * against; a small one is for speakers that are not, and makes a model of less than 300 kB. What is not said here is the library's
 * default.
 */
export const RECIPES = {
  independent: {
    ...COMMON,
    network: {
      convolution: [{ filters: 24 }, { filters: 48 }, { filters: 96 }, { filters: 160, pool: [1, 2] }],
    },
    training: GUARDED,
  },
  dependent: {
    ...{ ...COMMON, speeds: [] }, // how high a voice is tells who speaks
    network: {
      convolution: [{ filters: 16 }, { filters: 32 }, { filters: 64 }, { filters: 128, pool: [1, 2] }],
      recurrent: { inputDropout: 0.1 },
      head: { dropout: 0.1 },
    },
    training: {
      epochs: 160,
      batchSize: 32,
      augment: { timeMasks: false, frequencyMasks: false, mixup: {} },
    },
  },
  small: SMALL,
} satisfies Record<RecipeName, Recipe>;

/** A settled recipe as a command asks for it: with songs only where there are any. */
export function recipeWith(
  settled: Recipe,
  songs: { readonly size: number },
  training: Pick<TrainingRecipe, 'epochs' | 'batchSize'>,
): Recipe {
  return { ...settled, songs: settled.songs && songs.size > 0, training: { ...settled.training, ...training } };
}

/** The part of the training actors that `train` keeps back to choose the best epoch and to calibrate. */
export const VALIDATION_SHARE = 1 / 5;

/** The untrained network of a recipe for some features and labels. */
export function buildNetwork({ network }: Pick<Recipe, 'network'>, bins: number, classes: number, seed: number) {
  return buildCnnLstm({ ...network, bins, classes, seed });
}

/** Goes into each model that is trained on the corpus, as its licence asks. */
export const RAVDESS = {
  licence: 'CC BY-NC-SA 4.0',
  citation:
    'Livingstone SR, Russo FA (2018) The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS). ' +
    'PLoS ONE 13(5): e0196391. https://doi.org/10.1371/journal.pone.0196391',
};
