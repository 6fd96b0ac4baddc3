// logarithms of probabilities, targets → loss

import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean cross entropy −Σ_k t_k ln p_k of a batch, in nats.
 *
 * It takes logarithms, not probabilities, which lose their digits where they are small: `tf.logSoftmax` of logits or, for networks
 * that end in a softmax, what `train` computes (see `logProbabilities`).
 *
 * The targets may be soft and need not sum to 1: label smoothing, class weights and mixup all go into them (see `targetRow`), so
 * that the loss is the same three ops whatever is switched on.
 *
 * @param logs ln p, [batch, labels]
 * @param targets [batch, labels]
 * @throws {RangeError} when the shapes differ, which tfjs would broadcast, or there is nothing in the batch
 */
export function crossEntropy(logs: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  if (!tf.util.arraysEqual(logs.shape, targets.shape) || logs.size === 0) {
    const rule = `of the shape of the logarithms, [${logs.shape}], and not empty`;
    throw new RangeError(`Cannot compute the cross entropy: targets must be ${rule}, got [${targets.shape}]`);
  }
  return tf.tidy(() => tf.div(tf.sum(tf.mul(targets, logs)), -logs.shape[0]) as tf.Scalar);
}

/**
 * Writes the target of one clip: w · ((1 − s) · onehot + s / labels), with s the label smoothing and w the class weight.
 *
 * @param target [labels], overwritten
 * @see Szegedy et al. 2016 (label smoothing), https://arxiv.org/abs/1512.00567
 */
export function targetRow(target: Float32Array, label: number, smoothing: number, weights: readonly number[]): void {
  const weight = weights[label] as number;
  target.fill((weight * smoothing) / target.length);
  target[label] = weight * (1 - smoothing + smoothing / target.length);
}

/**
 * Weights that make every class that occurs count the same: n / (classes that occur · n of the class), on average 1.
 *
 * A class without clips gets weight 0.
 *
 * @param labels of the training clips, indices below `labelCount`
 */
export function balancedClassWeights(labels: Iterable<number>, labelCount: number): number[] {
  const counts = new Array<number>(labelCount).fill(0);
  let total = 0;
  for (const label of labels) {
    counts[label] = (counts[label] as number) + 1;
    total++;
  }
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? total / (present * count) : 0));
}
