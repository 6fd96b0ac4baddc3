// published protocols → which actors each fold tests

/**
 * Speaker-independent protocols of the literature, as the actors that each fold tests; the others train. In each, every actor
 * is tested in exactly one fold.
 *
 * @see https://doi.org/10.3390/s21227665
 * @see https://github.com/emo-box/EmoBox
 */
export const RAVDESS_FOLDS = {
  /**
   * Luna-Jiménez et al. (2021), "Multimodal Emotion Recognition on RAVDESS Dataset Using Transfer Learning", Sensors 21(22),
   * 7665. Most published figures that keep speakers apart use these folds.
   */
  actors5: [
    [2, 5, 14, 15, 16],
    [3, 6, 7, 13, 18],
    [10, 11, 12, 19, 20],
    [8, 17, 21, 23, 24],
    [1, 4, 9, 22],
  ],
  /**
   * Ma et al. (2024), "EmoBox: Multilingual Multi-corpus Speech Emotion Recognition Toolkit and Benchmark", Interspeech 2024,
   * its RAVDESS partition.
   */
  actors6: [
    [1, 11, 20, 21],
    [4, 10, 12, 14],
    [8, 9, 19, 23],
    [3, 5, 7, 24],
    [2, 15, 16, 18],
    [6, 13, 17, 22],
  ],
} as const satisfies Record<string, readonly (readonly number[])[]>;

/** The name of a published protocol: a key of {@link RAVDESS_FOLDS}. */
export type RavdessProtocol = keyof typeof RAVDESS_FOLDS;
