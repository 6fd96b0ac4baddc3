// exponential moving average (EMA), what it follows → the average after one step, in one dispatch

import type * as tf from '@tensorflow/tfjs-core';
import { elementwise } from './elementwise.ts';

/** average + part · (value − average). */
export function webgpuMoveTowards(average: tf.Tensor, value: tf.Tensor, part: tf.Scalar): tf.Tensor {
  return elementwise({ average, value, part }, 'average[i] + (value[i] - average[i]) * part[0]');
}

/** momentum · average + (1 − momentum) · value. */
export function webgpuMixIn(average: tf.Tensor, value: tf.Tensor, momentum: number): tf.Tensor {
  return elementwise({ average, value }, `average[i] * ${momentum} + value[i] * ${1 - momentum}`);
}
