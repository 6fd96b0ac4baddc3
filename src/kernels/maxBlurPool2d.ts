// feature maps → the largest value of each window at every place, then a low-pass filter with the windows' stride
//
// Max pooling takes every size-th of the maxima and so lets through what is faster than its output can tell apart: its output changes
// when its input moves by less than a window. A triangular filter before that takes it away.
//
// Zhang 2019, Making Convolutional Networks Shift-Invariant Again, https://arxiv.org/abs/1904.11486

import type * as tf from '@tensorflow/tfjs-core';
import { composedMaxBlurPool2d } from './backends/composed/maxBlurPool2d.ts';
import { hostMaxBlurPool2d } from './backends/host/maxBlurPool2d.ts';
import { simdMaxBlurPool2d } from './backends/simd/maxBlurPool2d.ts';
import { defineOperation } from './operation.ts';
import type { Strides } from './padding.ts';

/**
 * Anti-aliased max pooling: the maxima of windows at every place, filtered along each axis by a triangle of 2 · size − 1 weights ([1, 2, 1] / 4
 * for a size of 2, none for 1) around the window that `maxPool2d` would have taken. At the border a part of a window counts as one,
 * and the weights of the windows that are there are made to add up to 1.
 *
 * @param x [batch, height, width, channels]
 * @returns [batch, ⌈height / size[0]⌉, ⌈width / size[1]⌉, channels]
 */
export function maxBlurPool2d(x: tf.Tensor4D, size: Strides): tf.Tensor4D {
  return operation({ x }, { size })[0] as tf.Tensor4D;
}

const operation = defineOperation<{ x: tf.Tensor4D }, { size: Strides }>({
  name: 'MaxBlurPool2D',
  inputsToSave: ['x'],
  implementations: { simd: simdMaxBlurPool2d, host: hostMaxBlurPool2d, composed: composedMaxBlurPool2d },
});
