// prediction + truth of a clip, and their counts → their types

/** A model's prediction for one clip, with the truth. */
export interface LabelledPrediction {
  /** The clip. */
  readonly name: string;
  /** The true label: an index into the labels. */
  readonly label: number;
  /** Who speaks. */
  readonly speaker: string;
  /** Groups that results are broken down by. */
  readonly groups: Readonly<Record<string, string>>;
  /** One a label, sum 1. */
  readonly probabilities: ArrayLike<number>;
}

/** Counts of clips: `confusion[truth][predicted]`. */
export type ConfusionMatrix = readonly (readonly number[])[];
