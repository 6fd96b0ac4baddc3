// sequence, mask → mean and maximum of the frames that count

import * as tf from '@tensorflow/tfjs-core';

/** Taken off a score, makes its softmax 0; below any value that a layer puts out. */
export const NEVER = 1e9;

/** The mean of the frames that count, 0 where none does. */
export function meanOfCounted(y: tf.Tensor3D, mask: tf.Tensor2D | undefined): tf.Tensor2D {
  if (!mask) return tf.mean(y, 1);
  const count = tf.maximum(tf.sum(mask, 1, true), 1);
  return tf.div(tf.sum(tf.mul(y, tf.expandDims(mask, 2)), 1), count);
}

/** The largest of the frames that count, 0 where none does. */
export function maxOfCounted(y: tf.Tensor3D, mask: tf.Tensor2D | undefined): tf.Tensor2D {
  if (!mask) return tf.max(y, 1);
  const counts = tf.broadcastTo(tf.expandDims(mask, 2), y.shape);
  const largest = tf.max<tf.Tensor2D>(tf.where(tf.cast(counts, 'bool'), y, tf.fill(y.shape, -NEVER)), 1); // [batch, features]
  // Asked of the mask, not of the values: a condition has no gradient.
  const some = tf.cast(tf.broadcastTo(tf.minimum(tf.sum(mask, 1, true), 1), largest.shape), 'bool');
  return tf.where(some, largest, tf.zerosLike(largest));
}
