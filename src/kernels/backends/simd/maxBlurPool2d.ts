// feature maps → largest values of overlapping windows, filtered and thinned out, and back, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import { outputSize, type Strides } from '../../padding.ts';
import type { MaxBlurPool2dImplementation } from '../../signatures/maxBlurPool2d.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import { hostMaxBlurPool2d } from '../host/maxBlurPool2d.ts';
import { simd } from './simd.ts';

/** Anti-aliased max pooling: the usual windows, of up to 2 × 2, in a kernel, larger ones by the loops for all hosts. */
export const simdMaxBlurPool2d: MaxBlurPool2dImplementation = {
  forward({ x }, { size }) {
    if (isLarge(size)) return hostMaxBlurPool2d.forward({ x }, { size });
    const { run, at, withScratch } = simd()!;
    const [batch, , width, channels] = x.shape;
    const [outHeight, outWidth] = outputSizes(x, size);
    const y = hostTensor<tf.Rank.R4>([batch, outHeight, outWidth, channels]);
    withScratch(run.maxBlurPool2dScratch(width, channels), (scratch) => {
      run.maxBlurPool2dForward(at(x), ...x.shape, ...size, at(y), outHeight, outWidth, scratch);
    });
    return [y];
  },

  gradient([dy], { x }, results, { size }) {
    if (isLarge(size)) return hostMaxBlurPool2d.gradient([dy!], { x }, results, { size });
    return {
      x() {
        const { run, at, withScratch } = simd()!;
        const dx = hostTensor<tf.Rank.R4>(x.shape);
        withScratch(run.maxBlurPool2dScratch(x.shape[2], x.shape[3]), (scratch) => {
          run.maxBlurPool2dBackward(at(dy!), at(x), ...x.shape, ...size, ...outputSizes(x, size), at(dx), scratch);
        });
        return dx;
      },
    };
  },
};

function isLarge([height, width]: Strides): boolean {
  return height > 2 || width > 2;
}

function outputSizes({ shape: [, height, width] }: tf.Tensor4D, size: Strides): [height: number, width: number] {
  return [outputSize(height, size[0], size[0], 'same')!, outputSize(width, size[1], size[1], 'same')!];
}
