// what a model predicts of a clip beside what the clip is, and counts of both → their types

/** What a model said about one clip, and what the clip is. */
export interface LabelledPrediction {
  /** The clip. */
  readonly name: string;
  /** What the clip is: an index into the labels. */
  readonly label: number;
  /** Who speaks. */
  readonly speaker: string;
  /** What results are broken down by. */
  readonly groups: Readonly<Record<string, string>>;
  /** One a label, sum 1. */
  readonly probabilities: ArrayLike<number>;
}

/** Counts of clips: `confusion[truth][predicted]`. */
export type ConfusionMatrix = readonly (readonly number[])[];
