// logarithms of probabilities, targets → loss

import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean cross entropy −Σ_k t_k ln p_k of a batch, in nats; of a part of one, its share in that.
 *
 * It takes logarithms, not probabilities, which lose their digits where they are small: `tf.logSoftmax` of logits or, for networks
 * that end in a softmax, what `train` computes (see `logProbabilities`).
 *
 * The targets may be soft and need not sum to 1: label smoothing, class weights and mixup all go into them (see `targetRow`), so
 * that the loss is the same three ops whatever is switched on.
 *
 * @param logs ln p, [batch, labels]
 * @param targets [batch, labels]
 * @param clips of the whole batch. @default those that are there
 * @throws {RangeError} when the shapes differ, which tfjs would broadcast, or there is nothing in the batch
 */
export function crossEntropy(logs: tf.Tensor2D, targets: tf.Tensor2D, clips = logs.shape[0]): tf.Scalar {
  if (!tf.util.arraysEqual(logs.shape, targets.shape) || logs.size === 0) {
    const rule = `of the shape of the logarithms, [${logs.shape}], and not empty`;
    throw new RangeError(`Cannot compute the cross entropy: targets must be ${rule}, got [${targets.shape}]`);
  }
  return tf.tidy(() => tf.div(tf.sum(tf.mul(targets, logs)), -clips) as tf.Scalar);
}

/**
 * The logarithms of the probabilities among the labels that each clip was asked for: ln p_k − ln Σ_j p_j, j over those labels. A clip that
 * was asked for all keeps its logarithms as they are.
 *
 * Of the other labels a clip tells nothing: they take no part in the softmax, so nothing is learned about them from it.
 *
 * @param logs ln p, [batch, labels]
 * @param unasked 1 for a label that the clip was not asked for, 0 for others, [batch, labels]
 */
export function amongAsked(logs: tf.Tensor2D, unasked: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const sum = tf.logSumExp(tf.add(logs, tf.mul(unasked, NEVER)), 1, true); // [batch, 1]
    const isPartial = tf.max(unasked, 1, true);
    return tf.sub(logs, tf.mul(isPartial, sum));
  });
}

/** A logarithm so low that its exponential is 0. */
const NEVER = -1e9;

/**
 * Writes the target of one clip: w · ((1 − s) · onehot + s / labels), with s the label smoothing and w the class weight.
 *
 * @param target [labels], overwritten
 * @param asked the labels that the smoothing is spread over; the others get 0. @default all
 * @see Szegedy et al. 2016 (label smoothing), https://arxiv.org/abs/1512.00567
 */
export function targetRow(
  target: Float32Array,
  label: number,
  smoothing: number,
  weights: readonly number[],
  asked?: readonly number[],
): void {
  const weight = weights[label] as number;
  const count = asked?.length ?? target.length;
  const spread = (weight * smoothing) / count;
  target.fill(asked ? 0 : spread);
  for (const other of asked ?? []) target[other] = spread;
  target[label] = weight * (1 - smoothing + smoothing / count);
}

/**
 * Weights that make every class that is drawn count the same: n / (classes that are drawn · n of the class), on average 1.
 *
 * A class that is not drawn gets weight 0.
 *
 * @param counts how often an epoch draws each label
 */
export function balancedClassWeights(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? total / (present * count) : 0));
}
