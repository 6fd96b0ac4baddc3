// feature maps × filters → feature maps, with gradients that run at the speed of the forward convolution on every backend
//
// The stock gradients do not: on wasm the filter gradient is missing and the input gradient takes ten times as long as
// the convolution. Here the input gradient is a convolution of dy by the flipped filters, and the filter gradient a
// product of what the filters met and what came of it.

import * as tf from '@tensorflow/tfjs-core';
import { composedConv2d, composedInputGradient } from './backends/composed/conv2d.ts';
import { type Implementations, implementationOf } from './backends/implementations.ts';
import { simdConv2d, simdInputGradient } from './backends/simd/conv2d.ts';
import { filterGradient } from './conv2dFilterGradient.ts';
import { defineOperation } from './operation.ts';
import { type ConvolutionShape, convolutionShape, type Padding, type Strides } from './padding.ts';
import type { Convolution, InputGradient } from './signatures/conv2d.ts';

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
  return (bias ? withBias({ x, filter, bias }, attributes) : plain({ x, filter }, attributes))[0] as tf.Tensor4D;
}

const convolutions: Implementations<Convolution> = { simd: simdConv2d, composed: composedConv2d };

const inputGradients: Implementations<InputGradient> = { simd: simdInputGradient, composed: composedInputGradient };

interface Inputs extends tf.NamedTensorMap {
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
}

const plain = defineOperation<Inputs, Conv2dAttributes>({
  name: 'Conv2D',
  inputsToSave: ['x', 'filter'],
  implementations: {
    composed: {
      forward: (inputs, attributes) => [forward(inputs, undefined, attributes)],
      gradient: ([dy], inputs, _results, attributes) => gradients(dy as tf.Tensor4D, inputs, attributes),
    },
  },
});

/** What ReLU passed shows in the result. */
const withBias = defineOperation<Inputs & { readonly bias: tf.Tensor1D }, Conv2dAttributes>({
  name: 'Conv2DWithBias',
  inputsToSave: ['x', 'filter'],
  saveOutputs: true,
  implementations: {
    composed: {
      forward: (inputs, attributes) => [forward(inputs, inputs.bias, attributes)],
      gradient: ([dy], inputs, [y], attributes) => {
        const passed = (attributes.rectify ? tf.mul(dy!, tf.step(y!)) : dy!) as tf.Tensor4D;
        return { ...gradients(passed, inputs, attributes), bias: () => tf.sum(passed, [0, 1, 2]) };
      },
    },
  },
});

function forward({ x, filter }: Inputs, bias: tf.Tensor1D | undefined, attributes: Conv2dAttributes): tf.Tensor4D {
  return implementationOf(convolutions)(x, filter, bias, attributes.rectify, shapeOf({ x, filter }, attributes));
}

function gradients(dy: tf.Tensor4D, { x, filter }: Inputs, attributes: Conv2dAttributes) {
  const shape = shapeOf({ x, filter }, attributes);
  return {
    x: () => implementationOf(inputGradients)(dy, filter, shape),
    filter: () => filterGradient(x, dy, shape),
  };
}

function shapeOf({ x, filter }: Inputs, { strides, padding }: Conv2dAttributes): ConvolutionShape {
  return convolutionShape(x.shape, filter.shape, strides, padding);
}
