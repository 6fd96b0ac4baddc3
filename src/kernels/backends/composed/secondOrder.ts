// frame → a second-order network's output, in tf operations

import * as tf from '@tensorflow/tfjs-core';
import type { ElmanAttributes } from '../../signatures/elman.ts';
import type { SecondOrderImplementation, SecondOrderInputs } from '../../signatures/secondOrder.ts';
import { activated, slopeOf } from './activation.ts';
import { type ComposedCell, composedSequence } from './composedSequence.ts';

const cell: ComposedCell<SecondOrderInputs, ElmanAttributes> = {
  addsBias: true,
  initialStates: ({ initialState }) => [initialState],

  forward({ projected, masked }, { bias }, { activation }) {
    const sums = tf.sum(tf.mul(matrices(projected, masked), tf.expandDims(masked, 2)), 1);
    return { states: [activated(tf.add(sums, bias), activation)], saved: projected };
  },

  backward({ dStates, masked, after, saved }, _inputs, { activation }) {
    const dSums = tf.mul<tf.Tensor2D>(dStates[0]!, slopeOf(after[0]!, activation));
    const dMatrices = tf.mul(tf.expandDims(masked, 2), tf.expandDims(dSums, 1)); // [batch, units, units]
    return {
      dProjected: tf.reshape(dMatrices, saved!.shape),
      dMasked: tf.sum(tf.mul(matrices(saved!, masked), tf.expandDims(dSums, 1)), 2),
      dStates: [undefined],
      own: [dSums],
    };
  },

  gradients: ({ own }) => ({ bias: () => tf.sum(own[0]!, 0) }),
};

/** [batch, units · units] → [batch, units before, units after] */
function matrices(projected: tf.Tensor2D, { shape: [batch, units] }: tf.Tensor2D): tf.Tensor3D {
  return tf.reshape(projected, [batch, units, units]);
}

/** A second-order network on every backend. */
export const composedSecondOrder: SecondOrderImplementation = composedSequence(cell);
