// a cell → the same cell with m in place of the previous output, in tf operations

import * as tf from '@tensorflow/tfjs-core';
import type { RecurrentInputs, SequenceAttributes } from '../../recurrent/sequence.ts';
import type { Gradients, Implementation } from '../../signatures/implementation.ts';
import type {
  FactorInputs,
  MultiplicativeLstmImplementation,
  MultiplicativeRnnImplementation,
} from '../../signatures/multiplicative.ts';
import { matMul } from '../matMul.ts';
import { type ComposedCell, composedSequence } from './composedSequence.ts';
import { composedElmanCell } from './elman.ts';
import { composedLstmCell } from './lstm.ts';

/** The implementation of the cell with m. */
function composedMultiplicative<CellInputs extends RecurrentInputs, Attributes extends SequenceAttributes>(
  cell: ComposedCell<CellInputs, Attributes>,
): Implementation<CellInputs & FactorInputs, Attributes> {
  return composedSequence<CellInputs & FactorInputs, Attributes>({
    initialStates: (inputs) => cell.initialStates(inputs),
    perFrame: ({ factors }) => factors,

    forward(frame, inputs, attributes) {
      const m = tf.mul<tf.Tensor2D>(matMul(frame.masked, inputs.recurrentFactorKernel), frame.ofFrame!);
      return cell.forward({ ...frame, masked: m }, inputs, attributes);
    },

    backward(frame, inputs, attributes) {
      const factors = frame.ofFrame!;
      const products = matMul(frame.masked, inputs.recurrentFactorKernel);
      const m = tf.mul<tf.Tensor2D>(products, factors);
      const within = cell.backward({ ...frame, masked: m }, inputs, attributes);
      const dProducts = tf.mul<tf.Tensor2D>(within.dMasked, factors);
      const dMasked = matMul(dProducts, inputs.recurrentFactorKernel, { bTransposed: true });
      return { ...within, dMasked, own: [m, dProducts, tf.mul<tf.Tensor2D>(within.dMasked, products)] };
    },

    gradients(back, inputs, attributes) {
      const [m, dProducts, dFactors] = back.own as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
      const [batch, frames, units] = inputs.factors.shape;
      return {
        ...cell.gradients?.(back, inputs, attributes),
        recurrentKernel: () => matMul(m, back.dRecurrent, { aTransposed: true }),
        recurrentFactorKernel: () => matMul(back.masked, dProducts, { aTransposed: true }),
        factors: () => tf.transpose(tf.reshape(dFactors, [frames, batch, units]), [1, 0, 2]),
      } as Gradients<CellInputs & FactorInputs>;
    },
  });
}

/** A multiplicative RNN on every backend. */
export const composedMultiplicativeRnn: MultiplicativeRnnImplementation = composedMultiplicative(composedElmanCell);

/** A multiplicative LSTM on every backend. */
export const composedMultiplicativeLstm: MultiplicativeLstmImplementation = composedMultiplicative(composedLstmCell);
