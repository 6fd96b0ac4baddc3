// feature maps, gradient of their convolution → gradient of the filters

import type * as tf from '@tensorflow/tfjs-core';
import { composedFilterGradient } from './backends/composed/conv2d.ts';
import { hostFilterGradient } from './backends/host/conv2dFilterGradient.ts';
import { type Implementations, implementationOf } from './backends/implementations.ts';
import { simdFilterGradient } from './backends/simd/conv2d.ts';
import { webgpuFilterGradient } from './backends/webgpu/conv2dFilterGradient.ts';
import type { ConvolutionShape } from './padding.ts';
import type { FilterGradient } from './signatures/conv2d.ts';

const implementations: Implementations<FilterGradient> = {
  simd: simdFilterGradient,
  host: hostFilterGradient,
  webgpu: webgpuFilterGradient,
  composed: composedFilterGradient,
};

/**
 * The gradient of a convolution with respect to its filters: dW = P·dy with the patch matrix P.
 *
 * @param x [batch, height, width, inChannels]
 * @param dy [batch, outHeight, outWidth, outChannels]
 * @returns [filterHeight, filterWidth, inChannels, outChannels]
 */
export function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, shape: ConvolutionShape): tf.Tensor4D {
  return implementationOf(implementations)(x, dy, shape);
}
