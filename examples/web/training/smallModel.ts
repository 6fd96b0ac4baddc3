// how the small model of the package was trained, and the corpus that it was trained on

/** Its training configuration; options that are not given here have the library's defaults. */
export const SMALL_MODEL = {
  /** Speed copies of each clip that training draws from. */
  speeds: [0.88, 0.94, 1.06, 1.12],
  network: {
    convolution: [{ filters: 24 }, { filters: 48 }, { filters: 64 }, { filters: 64, pool: [1, 2] }],
    recurrent: { units: 24 },
  },
  training: {
    epochs: 120,
    batchSize: 32,
    weightDecay: 0.1,
    augment: { gainDb: 12, noise: { probability: 0.3, minDb: -80, maxDb: -50 } },
    classWeights: 'balanced',
  },
} as const;

/** Stored in every model that is trained on RAVDESS, as its licence asks. */
export const RAVDESS = {
  licence: 'CC BY-NC-SA 4.0',
  citation:
    'Livingstone SR, Russo FA (2018) The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS). ' +
    'PLoS ONE 13(5): e0196391. https://doi.org/10.1371/journal.pone.0196391',
};
