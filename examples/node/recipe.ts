// the recipe that `train` and `evaluate` follow: the one place to change it

import { buildCnnLstm, type CnnLstmOptions, type FeatureExtractorOptions, type TrainOptions } from 'speech-emotion';

/** What is not said here is the library's default: 80 mel bands, four convolution blocks, a bidirectional LSTM, attention. */
export const recipe = {
  features: {} satisfies FeatureExtractorOptions,
  /** Copies of each clip, slower and deeper or faster and higher, that training draws from. */
  speeds: [0.88, 0.94, 1.06, 1.12],
  network: {} satisfies CnnLstmOptions,
  training: { epochs: 60, batchSize: 32 } satisfies TrainOptions,
  /** The part of the training actors that is kept back to choose the best epoch and to calibrate. */
  validationShare: 1 / 5,
};

/** The untrained network for some features and labels. */
export function buildNetwork(bins: number, classes: number, seed: number) {
  return buildCnnLstm({ ...recipe.network, bins, classes, seed });
}

/** Goes into each model that is trained on the corpus, as its licence asks. */
export const RAVDESS = {
  licence: 'CC BY-NC-SA 4.0',
  citation:
    'Livingstone SR, Russo FA (2018) The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS). ' +
    'PLoS ONE 13(5): e0196391. https://doi.org/10.1371/journal.pone.0196391',
};
