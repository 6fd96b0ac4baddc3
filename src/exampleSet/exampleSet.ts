// labelled clips as features: what is trained on and evaluated on → its types

import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';

/** One labelled clip as features. Whatever split it falls into, its speed copies fall into the same: they are part of it. */
export interface Example {
  /** Unique within its set: what folds and leak checks go by. */
  readonly name: string;
  /** Index into {@link ExampleSet.labels}. */
  readonly label: number;
  /** Who speaks: what speaker-independent splits go by. */
  readonly speaker: string;
  /** What an evaluation is broken down by, e.g. `{ actor: '05', sex: 'male', intensity: 'strong' }`. */
  readonly groups: Readonly<Record<string, string>>;
  /**
   * Raw features [frames, bins]: first of the clip as it is, then of its speed copies, in the order of {@link ExampleSet.speeds}. Evaluation
   * uses the first alone, so that a clip which is only tested may come without the others.
   */
  readonly variants: readonly FeatureMatrix[];
}

/** Labelled clips as features: what is trained on and evaluated on. */
export interface ExampleSet {
  /** What {@link Example.label} indexes; a network trained on the set has one output for each. */
  readonly labels: readonly string[];
  /** The resolved options of the {@link FeatureExtractor} that made the features. */
  readonly features: FeatureExtractor['options'];
  /** How fast each of an example's variants runs: the first is 1. */
  readonly speeds: readonly number[];
  /** The clips. */
  readonly examples: readonly Example[];
}
