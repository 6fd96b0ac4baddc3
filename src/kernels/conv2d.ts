// picture × filters → picture, with gradients that run at the speed of the forward convolution on every backend
//
// The stock gradients do not: on wasm the filter gradient is missing and the input gradient takes ten times as long as
// the convolution. Here the input gradient is a convolution of dy by the turned filters, and the filter gradient a product
// of what the filters met and what came of it.

import * as tf from '@tensorflow/tfjs-core';
import { convolve } from './backends/convolve.ts';
import { simdConv2d, simdInputGradient } from './backends/simd/conv2d.ts';
import { simd } from './backends/simd/simd.ts';
import { filterGradient } from './conv2dFilterGradient.ts';
import { defineOperation } from './operation.ts';
import { convolutionShape, leadingPadding, outputSize, type Padding, type Strides } from './padding.ts';

/** How a convolution runs. */
export interface Conv2dAttributes {
  readonly strides: Strides;
  readonly padding: Padding;
  /** Whether negative results become 0 (ReLU), before they leave the cache. */
  readonly rectify: boolean;
}

/**
 * 2-D convolution (cross-correlation, as everywhere in this field), channels last, no dilation.
 *
 * @param x [batch, height, width, inChannels]
 * @param filter [filterHeight, filterWidth, inChannels, outChannels]
 * @param bias [outChannels]; undefined adds none
 * @returns [batch, outHeight, outWidth, outChannels]
 */
export function conv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  attributes: Conv2dAttributes,
): tf.Tensor4D {
  return (bias ? finished({ x, filter, bias }, attributes) : plain({ x, filter }, attributes))[0] as tf.Tensor4D;
}

const plain = defineOperation<{ x: tf.Tensor4D; filter: tf.Tensor4D }, Conv2dAttributes>({
  name: 'Conv2D',
  inputsToSave: ['x', 'filter'],
  forward: ({ x, filter }, attributes) => [forward(x, filter, undefined, attributes)],
  gradient: ([dy], [x, filter], attributes) => gradients(dy!, x!, filter!, attributes),
});

/** With a bias; what ReLU passed shows in the result. */
const finished = defineOperation<{ x: tf.Tensor4D; filter: tf.Tensor4D; bias: tf.Tensor1D }, Conv2dAttributes>({
  name: 'Conv2DWithBias',
  inputsToSave: ['x', 'filter'],
  saveOutputs: true,
  forward: ({ x, filter, bias }, attributes) => [forward(x, filter, bias, attributes)],
  gradient: ([dy], [x, filter, y], attributes) => {
    const passed = attributes.rectify ? tf.mul(dy!, tf.step(y!)) : dy!;
    return { ...gradients(passed, x!, filter!, attributes), bias: () => tf.sum(passed, [0, 1, 2]) };
  },
});

function forward(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  { strides, padding, rectify }: Conv2dAttributes,
): tf.Tensor4D {
  const shape = convolutionShape(x.shape, filter.shape, strides, padding);
  const engine = simd();
  if (engine) return simdConv2d(engine, x, filter, bias, rectify, shape);
  const height = borderOf(x.shape[1], filter.shape[0], strides[0], padding);
  const width = borderOf(x.shape[2], filter.shape[1], strides[1], padding);
  let y = convolve(x, filter, strides, { height, width });
  if (bias) y = tf.add(y, bias);
  return rectify ? tf.relu(y) : y;
}

function gradients(dy: tf.Tensor, x: tf.Tensor, filter: tf.Tensor, { strides, padding }: Conv2dAttributes) {
  const [xShape, filterShape] = [x.shape as Mutable4D, filter.shape as Mutable4D];
  return {
    x: () => inputGradient(xShape, dy as tf.Tensor4D, filter as tf.Tensor4D, strides, padding),
    filter: () => filterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, filterShape, strides, padding),
  };
}

type Mutable4D = [number, number, number, number];

function inputGradient(
  xShape: Mutable4D,
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  strides: Strides,
  padding: Padding,
): tf.Tensor4D {
  const engine = simd();
  if (engine) return simdInputGradient(engine, dy, filter, convolutionShape(xShape, filter.shape, strides, padding));
  // Otherwise the stock kernel: in a network only the first layer is strided for speed, and its dx is rarely asked for.
  if (strides[0] !== 1 || strides[1] !== 1) return tf.conv2dTranspose(dy, filter, xShape, [...strides], padding);
  // With stride 1, dx is dy convolved with the filters turned by half a circle, inputs and outputs exchanged.
  const turned: tf.Tensor4D = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  return convolve(dy, turned, strides, {
    height: turnedBorder(xShape[1], dy.shape[1], filter.shape[0], padding),
    width: turnedBorder(xShape[2], dy.shape[2], filter.shape[1], padding),
  });
}

/** Zeros that the padding adds before and after. */
function borderOf(inSize: number, filterSize: number, stride: number, padding: Padding): [number, number] {
  const outSize = outputSize(inSize, filterSize, stride, padding)!;
  const before = leadingPadding(inSize, outSize, filterSize, stride, padding);
  return [before, Math.max(0, (outSize - 1) * stride + filterSize - inSize - before)];
}

/** What the turned filter has to see beyond either end of dy to reach every input once. */
function turnedBorder(inSize: number, outSize: number, filterSize: number, padding: Padding): [number, number] {
  const before = filterSize - 1 - leadingPadding(inSize, outSize, filterSize, 1, padding);
  return [before, inSize + filterSize - 1 - outSize - before];
}
