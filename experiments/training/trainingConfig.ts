// the training configurations of `train`, `evaluate` and `train:release`: the one place to change them

import {
  buildCnnLstm,
  type CnnLstmOptions,
  type FeatureExtractorOptions,
  type TrainingConfig as LibraryConfig,
  type SpeakerRule,
  type Teachers,
} from 'speech-emotion';

/** Everything but data and seed that a result follows from: plain data, so that it can be compared, stored and sent to threads. */
export interface TrainingConfig {
  readonly features: FeatureExtractorOptions;
  /** Speed copies of each clip, slower and deeper or faster and higher, that training draws from. */
  readonly speeds: readonly number[];
  /** Whether songs of the training actors are trained on too, where they are given. */
  readonly songs: boolean;
  readonly network: CnnLstmOptions;
  readonly training: LibraryConfig;
  /** Distillation: an ensemble is trained first, on the same clips, and distilled into the one model. */
  readonly teachers?: Teachers;
}

/** What all configurations have in common. */
const COMMON = { features: {}, speeds: [0.88, 0.94, 1.06, 1.12], songs: false };

/**
 * Regularised for speakers that are not trained on: strong weight decay over many epochs, gain and faint noise as augmentation, and
 * class weights that make every emotion count the same.
 */
const REGULARISED = {
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
  training: REGULARISED,
} satisfies TrainingConfig;

/** Of the speaker-independent model. */
const INDEPENDENT = {
  convolution: [{ filters: 24 }, { filters: 48 }, { filters: 96 }, { filters: 160, pool: [1, 2] }],
} satisfies CnnLstmOptions;

/** The same with pooling that keeps labels where they are when a clip moves by a frame. */
function antiAliased<T extends { readonly convolution: readonly { readonly filters: number }[] }>(network: T) {
  const convolution = network.convolution.map(({ filters, ...rest }) => ({ filters, antiAlias: true, ...rest }));
  return { ...network, convolution };
}

/**
 * Settled by `npm run search-voices` (docs/results/voices-search.jsonl). RAVDESS alone first, as it is: whoever begins with all
 * corpora and all augmentation recognises RAVDESS less well, and strangers and telephones no better.
 */
const VOICES = {
  ...COMMON,
  features: { trim: { exact: true } },
  network: antiAliased(INDEPENDENT),
  training: {
    ...REGULARISED,
    weightDecay: 0.5,
    epochs: 15,
    learningRate: 7e-4,
    window: { frames: 112, shifts: 4 }, // of short recordings a frame changes less than half as many labels
    pretraining: {
      epochs: 20,
      learningRate: 1.5e-3,
      sampling: { shares: { RAVDESS: 1 } },
      augment: REGULARISED.augment,
    },
    classWeights: 'none', // sampling evens labels out
    sampling: { shares: { RAVDESS: 1 / 2 } },
    // Each reaches a share of the clips; of ten, one stays as it is but for its gain and tempo.
    augment: {
      gainDb: 12,
      tempo: {},
      crop: { probability: 0.5 },
      room: { probability: 0.2 },
      babble: { probability: 0.15 },
      colouredNoise: { probability: 0.2 },
      equalisation: { probability: 0.4 },
      telephone: { probability: 0.2 },
      noise: { probability: 0.2, minDb: -80, maxDb: -50 },
    },
  },
} satisfies TrainingConfig;

/**
 * `independent` of the speakers trained on, as most users need it; `dependent`, for those speakers alone; `small`, for phones; `voices` and
 * `small-voices`, the same for several corpora.
 */
export type ConfigName = SpeakerRule | 'small' | 'voices' | 'small-voices';

/**
 * Chosen by `npm run search` on inner splits, before the protocols were run. Speaker-dependent training needs less regularisation;
 * `small` is speaker-independent and makes a model of less than 300 kB. Options that are not given here have the library's defaults.
 */
export const TRAINING_CONFIGS = {
  independent: {
    ...COMMON,
    network: INDEPENDENT,
    training: REGULARISED,
  },
  dependent: {
    ...{ ...COMMON, speeds: [] }, // the pitch of a voice helps to tell who speaks
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
  voices: VOICES,
  'small-voices': { ...VOICES, network: antiAliased(SMALL.network) },
} satisfies Record<ConfigName, TrainingConfig>;

/** A configuration with what a command line changes; with songs only where the data has some. */
export function configWith(
  settled: TrainingConfig,
  songs: { readonly size: number },
  training: Pick<LibraryConfig, 'epochs' | 'batchSize'>,
): TrainingConfig {
  return { ...settled, songs: settled.songs && songs.size > 0, training: { ...settled.training, ...training } };
}

/** The share of the training actors that `train` holds out to choose the best epoch and to calibrate. */
export const VALIDATION_SHARE = 1 / 5;

/** The untrained network of a configuration, for features of so many bins and so many classes. */
export function buildNetwork(
  { network }: Pick<TrainingConfig, 'network'>,
  bins: number,
  classes: number,
  seed: number,
) {
  return buildCnnLstm({ ...network, bins, classes, seed });
}

/** Stored in every model that is trained on the corpus, as its licence asks. */
export const RAVDESS = {
  licence: 'CC BY-NC-SA 4.0',
  citation:
    'Livingstone SR, Russo FA (2018) The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS). ' +
    'PLoS ONE 13(5): e0196391. https://doi.org/10.1371/journal.pone.0196391',
};
