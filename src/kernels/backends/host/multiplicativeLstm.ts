// frame → a multiplicative LSTM's outputs, and their gradients, in loops over typed arrays: an LSTM's with m for the previous output
//
// The one surveyed cell with loops of its own: the others gain less than 1.5 times by them (docs/performance.md).

import * as tf from '@tensorflow/tfjs-core';
import type { SequenceAttributes } from '../../recurrent/sequence.ts';
import type { MultiplicativeLstmImplementation, MultiplicativeLstmInputs } from '../../signatures/multiplicative.ts';
import { matMul } from '../matMul.ts';
import type { HostCell } from './hostCell.ts';
import { hostSequence } from './hostSequence.ts';
import { hostLstmCell } from './lstm.ts';
import { PackedFactor } from './product.ts';

/** Saved besides what the LSTM saves are the products with the recurrent factor kernel, as `extra`. */
const cell: HostCell<MultiplicativeLstmInputs, SequenceAttributes> = {
  initialStates: hostLstmCell.initialStates,
  saves: [...hostLstmCell.saves, 'extra'],
  ownGradients: 3, // m, then the gradients of the products and of the factors

  forward(values, sizes, attributes) {
    const { batch, units } = sizes;
    const compute = hostLstmCell.forward(values, sizes, attributes);
    const factor = new PackedFactor(values.recurrentFactorKernel, { inner: units, columns: units });
    const products = new Float32Array(batch * units);
    const m = new Float32Array(batch * units);
    return (frame, memory) => {
      factor.multiply(memory.masked, products, { rows: batch, aRowStep: units, aStep: 1 });
      for (const { at, row } of frame.counted) {
        for (let u = 0; u < units; u++) {
          memory.extra[at + u] = products[row + u]!;
          m[row + u] = products[row + u]! * values.factors[at + u]!;
        }
      }
      compute(frame, { ...memory, masked: m });
    };
  },

  backward(values, sizes, attributes) {
    const { batch, frames, units } = sizes;
    const compute = hostLstmCell.backward(values, sizes, attributes);
    const transposed = new PackedFactor(values.recurrentFactorKernel, {
      ...{ inner: units, columns: units, step: 1, columnStep: units },
    });
    return (frame, memory) => {
      const { dMasked, extra } = memory;
      const [m, dProducts, dFactors] = memory.own as [Float32Array, Float32Array, Float32Array];
      compute(frame, memory); // gives the gradient of m in place of that of the previous output
      for (const { at, row } of frame.counted) {
        for (let u = 0; u < units; u++) {
          const [product, factor, d] = [extra[at + u]!, values.factors[at + u]!, dMasked[row + u]!];
          m[at + u] = product * factor;
          dProducts[at + u] = d * factor;
          dFactors[at + u] = d * product;
        }
      }
      transposed.multiply(dProducts.subarray(frame.t * units), dMasked, {
        ...{ rows: batch, aRowStep: frames * units, aStep: 1 },
      });
    };
  },

  gradients(back, inputs) {
    const [m, dProducts, dFactors] = back.own as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    return {
      ...hostLstmCell.gradients?.(back, inputs),
      recurrentKernel: () => matMul(m, back.dRecurrent, { aTransposed: true }),
      recurrentFactorKernel: () => matMul(back.masked, dProducts, { aTransposed: true }),
      factors: () => tf.reshape(dFactors, inputs.factors.shape),
    };
  },
};

/** A multiplicative LSTM in loops over typed arrays. */
export const hostMultiplicativeLstm: MultiplicativeLstmImplementation = hostSequence(cell);
