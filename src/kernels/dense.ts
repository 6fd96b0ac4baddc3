// rows × matrix + bias → rows, with gradients by plain matrix products
//
// The stock gradients of matMul set transposeA or transposeB, which on wasm leaves XNNPACK for a naive loop.

import * as tf from '@tensorflow/tfjs-core';
import { matMul } from './backends/matMul.ts';
import { defineOperation } from './operation.ts';

/**
 * x·kernel + bias over the last axis.
 *
 * @param x [..., inputs]
 * @param kernel [inputs, units]
 * @param bias [units]
 * @returns [..., units]
 */
export function dense(x: tf.Tensor, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor {
  const [inputs, units] = kernel.shape;
  return tf.tidy(() => {
    const rows = tf.reshape(x, [-1, inputs]) as tf.Tensor2D;
    const y = operation({ x: rows, kernel, bias }, {})[0]!;
    return tf.reshape(y, [...x.shape.slice(0, -1), units]);
  });
}

const operation = defineOperation<{ x: tf.Tensor2D; kernel: tf.Tensor2D; bias: tf.Tensor1D }, object>({
  name: 'Dense',
  inputsToSave: ['x', 'kernel'],
  implementations: {
    composed: {
      forward: ({ x, kernel, bias }) => [tf.add(matMul(x, kernel), bias)],
      gradient: ([dy], { x, kernel }) => ({
        x: () => matMul(dy as tf.Tensor2D, kernel, { bTransposed: true }),
        kernel: () => matMul(x, dy as tf.Tensor2D, { aTransposed: true }),
        bias: () => tf.sum(dy!, 0),
      }),
    },
  },
});
