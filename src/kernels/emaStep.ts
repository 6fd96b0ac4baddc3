// exponential moving average (EMA), what it follows → the average after one step

import * as tf from '@tensorflow/tfjs-core';
import { type Implementations, implementationOf } from './backends/implementations.ts';
import { webgpuMixIn, webgpuMoveTowards } from './backends/webgpu/emaStep.ts';

const moves: Implementations<typeof webgpuMoveTowards> = {
  webgpu: webgpuMoveTowards,
  composed: (average, value, part) => tf.add(average, tf.mul(tf.sub(value, average), part)),
};

/** average + part · (value − average). `part` is a tensor, so that it is made once for many averages. */
export function moveTowards(average: tf.Tensor, value: tf.Tensor, part: tf.Scalar): tf.Tensor {
  return implementationOf(moves)(average, value, part);
}

const mixtures: Implementations<typeof webgpuMixIn> = {
  webgpu: webgpuMixIn,
  composed: (average, value, momentum) => tf.add(tf.mul(average, momentum), tf.mul(value, 1 - momentum)),
};

/** momentum · average + (1 − momentum) · value. */
export function mixIn(average: tf.Tensor, value: tf.Tensor, momentum: number): tf.Tensor {
  return implementationOf(mixtures)(average, value, momentum);
}
