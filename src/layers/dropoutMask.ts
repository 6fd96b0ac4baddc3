// layer, its seed and step → mask that drops some activations

import * as tf from '@tensorflow/tfjs-core';
import { RandomStream } from '../core/random.ts';
import { batchPartOf } from './batchPart.ts';
import { trainingStepOf } from './trainingStep.ts';

/**
 * A mask of 0 (with probability `rate`) and 1 / (1 − rate), at the layer's training step: the same for the same arguments, on every
 * backend, and for a part of a batch those rows that the mask of the whole has there.
 *
 * @param shape [batch, ...]
 */
export function dropoutMask<Rank extends tf.Rank>(
  layer: object,
  shape: tf.ShapeMap[Rank],
  rate: number,
  seed: number,
  name = 'mask',
): tf.Tensor<Rank> {
  const random = new RandomStream(seed, name, trainingStepOf(layer));
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(tf.util.sizeFromShape([...shape]));
  const { first, size } = batchPartOf(layer) ?? { first: 0, size: 1 };
  for (let i = 0; i < (mask.length / size) * first; i++) random.next(); // for the clips before
  for (let i = 0; i < mask.length; i++) mask[i] = random.next() < rate ? 0 : kept;
  return tf.tensor(mask, shape);
}
