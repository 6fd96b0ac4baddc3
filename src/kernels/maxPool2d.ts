// feature maps → the largest value of each window

import type * as tf from '@tensorflow/tfjs-core';
import { composedMaxPool2d } from './backends/composed/maxPool2d.ts';
import { hostMaxPool2d } from './backends/host/maxPool2d.ts';
import { simdMaxPool2d } from './backends/simd/maxPool2d.ts';
import { defineOperation } from './operation.ts';
import type { Strides } from './padding.ts';

/**
 * Max pooling over windows that do not overlap; the last window may be a part of one, so no input is ever dropped and
 * a short input never shrinks to nothing.
 *
 * @param x [batch, height, width, channels]
 * @returns [batch, ⌈height / size[0]⌉, ⌈width / size[1]⌉, channels]
 */
export function maxPool2d(x: tf.Tensor4D, size: Strides): tf.Tensor4D {
  return operation({ x }, { size })[0] as tf.Tensor4D;
}

const operation = defineOperation<{ x: tf.Tensor4D }, { size: Strides }>({
  name: 'MaxPool2D',
  inputsToSave: ['x'],
  saveOutputs: true,
  implementations: { simd: simdMaxPool2d, host: hostMaxPool2d, composed: composedMaxPool2d },
});
