// feature maps → the largest value of each window, and back, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import { leadingPadding, outputSize, type Strides } from '../../padding.ts';
import type { MaxPool2dImplementation } from '../../signatures/maxPool2d.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import { simd } from './simd.ts';

/** Max pooling over windows that do not overlap. */
export const simdMaxPool2d: MaxPool2dImplementation = {
  forward({ x }, { size }) {
    const { run, at } = simd()!;
    const { batch, channels, outHeight, outWidth, sizes } = poolShape(x, size);
    const y = hostTensor<tf.Rank.R4>([batch, outHeight, outWidth, channels]);
    run.maxPool2dForward(at(x), ...sizes, at(y), outHeight, outWidth);
    return [y];
  },

  gradient: ([dy], { x }, [y], { size }) => ({
    x() {
      const { run, at } = simd()!;
      const { outHeight, outWidth, sizes } = poolShape(x, size);
      const dx = hostTensor<tf.Rank.R4>(x.shape);
      run.maxPool2dBackward(at(dy!), at(x), at(y!), ...sizes, outHeight, outWidth, at(dx));
      return dx;
    },
  }),
};

function poolShape(x: tf.Tensor4D, size: Strides) {
  const [batch, height, width, channels] = x.shape;
  const outHeight = outputSize(height, size[0], size[0], 'same')!;
  const outWidth = outputSize(width, size[1], size[1], 'same')!;
  const top = leadingPadding(height, outHeight, size[0], size[0], 'same');
  const left = leadingPadding(width, outWidth, size[1], size[1], 'same');
  return { batch, channels, outHeight, outWidth, sizes: [batch, height, width, channels, ...size, top, left] };
}
