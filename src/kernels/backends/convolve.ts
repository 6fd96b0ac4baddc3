// feature maps × filters → feature maps, with any padding, by the fastest way of the backend, for use within implementations

import * as tf from '@tensorflow/tfjs-core';
import type { Convolve } from '../signatures/conv2d.ts';
import { hostConvolve } from './host/convolve.ts';
import { type Implementations, implementationOf } from './implementations.ts';

const implementations: Implementations<Convolve> = {
  cpu: hostConvolve,
  composed: (x, filter, strides, { height, width }) =>
    tf.conv2d(x, filter, [...strides], [[0, 0], [...height], [...width], [0, 0]]),
};

/** The bare convolution, not on the gradient tape by itself. */
export const convolve: Convolve = (...parameters) => implementationOf(implementations)(...parameters);
