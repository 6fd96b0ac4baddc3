// feature maps × filters → feature maps, and its gradients, in tf operations

import * as tf from '@tensorflow/tfjs-core';
import type { Convolution, FilterGradient, InputGradient } from '../../signatures/conv2d.ts';
import { convolve } from '../convolve.ts';

/** The convolution on every backend. */
export const composedConv2d: Convolution = (x, filter, bias, rectify, shape) => {
  const { height, width, top, left, filterHeight, filterWidth, strides, outHeight, outWidth } = shape;
  let y = convolve(x, filter, strides, {
    height: [top, zerosAfter(height, top, filterHeight, strides[0], outHeight)],
    width: [left, zerosAfter(width, left, filterWidth, strides[1], outWidth)],
  });
  if (bias) y = tf.add(y, bias);
  return rectify ? tf.relu(y) : y;
};

/** Zeros that the padding adds after the last input. */
function zerosAfter(inSize: number, before: number, filterSize: number, stride: number, outSize: number): number {
  return Math.max(0, (outSize - 1) * stride + filterSize - inSize - before);
}

/** Its gradient by the input. */
export const composedInputGradient: InputGradient = (dy, filter, shape) => {
  const { batch, height, width, channels, filterHeight, filterWidth, strides, padding, outHeight, outWidth } = shape;
  // The stock kernel: in a network only the first layer is strided for speed, and its dx is rarely asked for.
  if (strides[0] !== 1 || strides[1] !== 1) {
    return tf.conv2dTranspose(dy, filter, [batch, height, width, channels], [...strides], padding);
  }
  // With stride 1, dx is dy convolved with the flipped filters, inputs and outputs exchanged.
  const flipped: tf.Tensor4D = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  const [above, before] = [filterHeight - 1 - shape.top, filterWidth - 1 - shape.left];
  return convolve(dy, flipped, strides, {
    height: [above, height + filterHeight - 1 - outHeight - above],
    width: [before, width + filterWidth - 1 - outWidth - before],
  });
};

/** Its gradient by the filters, on every backend that has the stock kernel, which is all but `wasm`. */
export const composedFilterGradient: FilterGradient = (x, dy, shape) => {
  const { channels, filterHeight, filterWidth, strides, padding, outChannels } = shape;
  const filterShape = [filterHeight, filterWidth, channels, outChannels];
  const attributes = { strides: [...strides], pad: padding, dataFormat: 'NHWC', dimRoundingMode: null, filterShape };
  return tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, attributes as unknown as tf.NamedAttrMap);
};
