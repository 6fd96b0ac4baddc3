// the file that `npm run adapt-curve` writes → its types

/** Ways to a model of a corpus' own labels. */
export const WAYS = {
  head: 'a new classifying layer on the model',
  all: 'that, and then all layers',
  scratch: 'the speaker-independent configuration, from scratch',
} as const;

export type AdaptWay = keyof typeof WAYS;

/** One training. */
export interface AdaptPoint {
  /** The corpus, which the model has not heard. */
  readonly corpus: string;
  /** Of each label; fewer where the speakers trained on have fewer. */
  readonly clips: number;
  readonly way: AdaptWay;
  readonly seed: number;
  readonly trained: number;
  readonly tested: number;
  readonly uar: number;
}

export interface AdaptFile {
  readonly description: string;
  readonly commit: string;
  readonly ways: typeof WAYS;
  readonly points: readonly AdaptPoint[];
}
