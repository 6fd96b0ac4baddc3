// labelled clips as features, to train on and to evaluate on → their types

import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { ResolvedCopy } from './copies.ts';

/** One labelled clip as features. Its speed copies and other copies are part of it, so they are always in the same split. */
export interface Example {
  /** Unique within its set: folds and leak checks go by it. */
  readonly name: string;
  /** Index into {@link ExampleSet.labels}. */
  readonly label: number;
  /** Who speaks, for speaker-independent splits; `''` where it is not known. */
  readonly speaker: string;
  /** Groups that an evaluation is broken down by, e.g. `{ actor: '05', sex: 'male', intensity: 'strong' }`. */
  readonly groups: Readonly<Record<string, string>>;
  /** What it is a clip of, e.g. `RAVDESS`. @default not known */
  readonly corpus?: string | undefined;
  /**
   * The labels that its corpus asked for, as indices into {@link ExampleSet.labels}, ascending, its own among them: of others,
   * the clip tells nothing.
   * @default all labels
   */
  readonly asked?: readonly number[] | undefined;
  /**
   * Features before normalisation [frames, bins]: first of the clip as it is, then of its speed copies, in the order of
   * {@link ExampleSet.speeds}, then of its other copies, in that of {@link ExampleSet.copies}. Evaluation uses only the first, so a clip that is only tested may lack the others.
   */
  readonly variants: readonly FeatureMatrix[];
}

/** Labelled clips as features, to train on and to evaluate on. */
export interface ExampleSet {
  /** The labels that {@link Example.label} is an index into; a network trained on the set has one output for each. */
  readonly labels: readonly string[];
  /** The resolved options of the {@link FeatureExtractor} that made the features. */
  readonly features: FeatureExtractor['options'];
  /** The speed of each of an example's first variants: the first is 1. */
  readonly speeds: readonly number[];
  /** How each of its other variants was made, at the clip's own speed. @default none */
  readonly copies?: readonly ResolvedCopy[] | undefined;
  /** The clips. */
  readonly examples: readonly Example[];
}
