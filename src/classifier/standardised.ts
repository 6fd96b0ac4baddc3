// features of some clips → the same centred and scaled, with a constant; weights for those → weights for the features as they are

import type { ClassifyingWeights } from '../model/classifyingLayer.ts';
import { meanOf } from './levelling.ts';

/** What brings features to a mean of 0 and a distance from it. */
export interface Standardisation {
  /** [features] */
  readonly mean: Float64Array;
  /** What they are multiplied by. */
  readonly scale: number;
  /** A feature more, the same in all clips: what its weights add to a label's logits, they add in each. */
  readonly constant: number;
}

/** Weights that are added to. */
type Changing = { readonly [Name in keyof ClassifyingWeights]: Float64Array };

/**
 * Brings the usual distance of the clips from their mean to the square root of a variance, and the constant to that of another: then a
 * penalty on the weights says how much each may explain.
 *
 * @param clips features of each, at least one
 */
export function standardisationOf(
  clips: readonly ArrayLike<number>[],
  slopeVariance: number,
  shiftVariance: number,
): Standardisation {
  const mean = meanOf(clips);
  const squares = clips.map((features) => mean.reduce((sum, one, i) => sum + (features[i]! - one) ** 2, 0));
  const distance = Math.sqrt(squares.reduce((a, b) => a + b, 0) / clips.length);
  const scale = distance > 0 ? Math.sqrt(slopeVariance) / distance : 0;
  return { mean, scale, constant: Math.sqrt(shiftVariance) };
}

/** [features + 1], the constant last. */
export function standardised(features: ArrayLike<number>, { mean, scale, constant }: Standardisation): Float64Array {
  const result = new Float64Array(mean.length + 1);
  for (let i = 0; i < mean.length; i++) result[i] = scale * (features[i]! - mean[i]!);
  result[mean.length] = constant;
  return result;
}

/** Adds weights for standardised features, [features + 1], to those of a label. */
export function addStandardised(
  { kernel, bias }: Changing,
  label: number,
  weightAt: (feature: number) => number,
  { mean, scale, constant }: Standardisation,
): void {
  bias[label]! += constant * weightAt(mean.length);
  for (let i = 0; i < mean.length; i++) {
    kernel[i * bias.length + label]! += scale * weightAt(i);
    bias[label]! -= scale * weightAt(i) * mean[i]!;
  }
}
