// feature maps → the largest value of each window, and back, by stock kernels

import * as tf from '@tensorflow/tfjs-core';
import type { MaxPool2dImplementation } from '../../signatures/maxPool2d.ts';

/** Max pooling on every backend that has the stock gradient, which is all but `wasm`. */
export const composedMaxPool2d: MaxPool2dImplementation = {
  forward: ({ x }, { size }) => [tf.maxPool(x, [...size], [...size], 'same')],

  gradient: ([dy], { x }, [y], { size }) => ({
    x() {
      const attributes = { filterSize: [...size], strides: [...size], pad: 'same', dimRoundingMode: undefined };
      const inputs = { dy: dy!, input: x, output: y! };
      return tf.engine().runKernel<tf.Tensor>('MaxPoolGrad', inputs, attributes as unknown as tf.NamedAttrMap);
    },
  }),
};
