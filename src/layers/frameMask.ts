// mask of a call → which frames count

import * as tf from '@tensorflow/tfjs-core';

/** What tfjs calls a layer with. */
export interface CallOptions {
  /** Whether this is a training step, with dropout and batch statistics. */
  training?: boolean | undefined;
  /** [batch, frames], true where a frame counts, as `tf.layers.masking` makes it; of several inputs, the first one's. */
  mask?: tf.Tensor | null | (tf.Tensor | null)[] | undefined;
}

/**
 * The mask of the frames of x as numbers, [batch, frames], 1 where a frame counts; undefined where all do.
 *
 * Models of tfjs pass the last mask on to layers behind one that ended it; a mask of another size does not belong to these frames.
 */
export function frameMaskOf(x: tf.Tensor, { mask }: CallOptions): tf.Tensor2D | undefined {
  const one = Array.isArray(mask) ? mask[0] : mask;
  if (one?.rank !== 2 || one.shape[0] !== x.shape[0] || one.shape[1] !== x.shape[1]) return undefined;
  return tf.cast(tf.cast(one as tf.Tensor2D, 'bool'), 'float32');
}
