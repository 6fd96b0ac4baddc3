// a moving average, what it follows → the average moved

import * as tf from '@tensorflow/tfjs-core';
import { elementwise } from './backends/webgpu/elementwise.ts';
import { onWebgpu } from './tfjs/webgpuProgram.ts';

/** average + part · (value − average). `part` is a tensor, so that it is made once for many averages. */
export function moveTowards(average: tf.Tensor, value: tf.Tensor, part: tf.Scalar): tf.Tensor {
  if (onWebgpu()) {
    return elementwise({ average, value, part }, 'average[i] + (value[i] - average[i]) * part[0]');
  }
  return tf.add(average, tf.mul(tf.sub(value, average), part));
}

/** momentum · average + (1 − momentum) · value. */
export function mixIn(average: tf.Tensor, value: tf.Tensor, momentum: number): tf.Tensor {
  if (onWebgpu()) return elementwise({ average, value }, `average[i] * ${momentum} + value[i] * ${1 - momentum}`);
  return tf.add(tf.mul(average, momentum), tf.mul(value, 1 - momentum));
}
