// seed, step → mask that drops some activations

import * as tf from '@tensorflow/tfjs-core';
import { RandomStream } from '../core/random.ts';

/** A mask of 0 (with probability `rate`) and 1 / (1 − rate): the same for the same arguments, on every backend. */
export function dropoutMask<Rank extends tf.Rank>(
  shape: tf.ShapeMap[Rank],
  rate: number,
  seed: number,
  step: number,
  part = 'mask',
): tf.Tensor<Rank> {
  const random = new RandomStream(seed, part, step);
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(tf.util.sizeFromShape([...shape]));
  for (let i = 0; i < mask.length; i++) mask[i] = random.next() < rate ? 0 : kept;
  return tf.tensor(mask, shape);
}
