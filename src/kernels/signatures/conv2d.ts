// feature maps × filters → feature maps, and its gradients: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionShape, Strides } from '../padding.ts';

/**
 * The convolution, [batch, height, width, channels] → [batch, outHeight, outWidth, outChannels]. Adds the bias where there is one;
 * where `rectify`, negative results become 0.
 */
export type Convolution = (
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  rectify: boolean,
  shape: ConvolutionShape,
) => tf.Tensor4D;

/** Its gradient by the input, from dy, [batch, outHeight, outWidth, outChannels]. */
export type InputGradient = (dy: tf.Tensor4D, filter: tf.Tensor4D, shape: ConvolutionShape) => tf.Tensor4D;

/** Its gradient by the filters, [filterHeight, filterWidth, channels, outChannels]. */
export type FilterGradient = (x: tf.Tensor4D, dy: tf.Tensor4D, shape: ConvolutionShape) => tf.Tensor4D;

/** Zeros around an input, [before, after]. */
interface Border {
  readonly height: readonly [number, number];
  readonly width: readonly [number, number];
}

/** A bare convolution with any padding. */
export type Convolve = (x: tf.Tensor4D, filter: tf.Tensor4D, strides: Strides, border: Border) => tf.Tensor4D;
