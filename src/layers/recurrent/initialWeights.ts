// features, units, seed → initial weights of a recurrent cell

import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../core/random.ts';
import { glorotUniform, orthogonal } from '../initialize.ts';
import type { InitialWeight } from './recurrentLayer.ts';

/** A Glorot-uniform kernel and an orthogonal recurrent kernel for a number of gates, as in Keras. */
export function gateKernels(
  features: number,
  units: number,
  gates: number,
  random: RandomStream,
): { kernel: InitialWeight; recurrentKernel: InitialWeight } {
  const columns = gates * units;
  return {
    kernel: inputKernel(features, columns, random.fork('kernel')),
    recurrentKernel: {
      shape: [units, columns],
      initialize: () => orthogonal(units, columns, random.fork('recurrentKernel')),
    },
  };
}

/** A Glorot-uniform kernel, [features, columns]. */
export function inputKernel(features: number, columns: number, random: RandomStream): InitialWeight {
  return {
    shape: [features, columns],
    initialize: () => glorotUniform(features * columns, features, columns, random),
  };
}

/** Zeros. */
export function zeroWeight(shape: number[]): InitialWeight {
  return { shape, initialize: () => new Float32Array(tf.util.sizeFromShape(shape)) };
}

/** The bias of an LSTM: 1 for the forget gates, which start open, 0 for the others. */
export function forgetBias(units: number): InitialWeight {
  return { shape: [4 * units], initialize: () => new Float32Array(4 * units).fill(1, units, 2 * units) };
}
