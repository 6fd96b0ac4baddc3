// the previous output → what the gates see of it, and back: through a matrix or, where the cell is multiplicative, through
// factors of the input on the way

import * as tf from '@tensorflow/tfjs-core';
import type { RecurrentInputs } from '../../recurrent/sequence.ts';
import type { Gradients } from '../../signatures/implementation.ts';
import type { Recurrence } from './recurrence.ts';
import { maskedStates } from './sequence.ts';

/** A part of a recurrence. */
interface Phases {
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly frame: Recurrence['frame'];
}

/** h₋₁, `recurrentMask` and, of a multiplicative cell, `factors` → `recurrent(column)`. */
export function recurrentProduct({ recurrentKernel, factors, recurrentFactorKernel }: RecurrentInputs): Phases {
  const [units, columns] = recurrentKernel.shape;
  const ofKernel = { name: 'recurrent', matrix: 'recurrentKernel', rowLength: columns, rows: units, columns };
  const masked = 'vector[u] = h[slot] * recurrentMask(own);';
  if (!factors || !recurrentFactorKernel) return { inputs: { recurrentKernel }, frame: [masked, ofKernel] };
  return {
    inputs: { recurrentKernel, factors, recurrentFactorKernel },
    frame: [
      masked,
      { name: 'factored', matrix: 'recurrentFactorKernel', rowLength: units, rows: units, columns: units },
      'vector[u] = factored(u) * factors[at];',
      ofKernel,
    ],
  };
}

/** `vector`, the gradients of all columns → what they add to `dh`; of a multiplicative cell, dm is packed as well. */
export interface RecurrentGradient extends Phases {
  /** Numbers that are packed of each unit of each frame, behind those of the columns. */
  readonly sections: number;
}

/** The way back. To be called within a tidy. */
export function recurrentProductGradient(inputs: RecurrentInputs): RecurrentGradient {
  const { recurrentKernel, factors, recurrentFactorKernel } = inputs;
  const [units, columns] = recurrentKernel.shape;
  const transposed = tf.transpose(recurrentKernel);
  const ofKernel = { name: 'back', matrix: 'transposed', rowLength: units, rows: columns, columns: units };
  if (!factors || !recurrentFactorKernel) {
    return { inputs: { transposed }, frame: [ofKernel, 'dh[slot] += back(u) * recurrentMask(own);'], sections: 0 };
  }
  return {
    inputs: { transposed, factors, transposedFactor: tf.transpose(recurrentFactorKernel) },
    frame: [
      ofKernel,
      `
      let dm = back(u);
      result[${columns / units} * section + at] = dm;
      vector[u] = dm * factors[at];`,
      { name: 'backFactored', matrix: 'transposedFactor', rowLength: units, rows: units, columns: units },
      'dh[slot] += backFactored(u) * recurrentMask(own);',
    ],
    sections: 1,
  };
}

/**
 * Gradients of the matrices and factors.
 *
 * @param dColumns of the recurrent product, [batch · frames, columns]
 * @param dm that was packed, [batch · frames, units]; not called unless the cell is multiplicative
 */
export function recurrentGradients(
  dColumns: tf.Tensor2D,
  dm: () => tf.Tensor2D,
  y: tf.Tensor3D,
  inputs: RecurrentInputs,
  reverse: boolean,
): Gradients<RecurrentInputs> {
  const { factors, recurrentFactorKernel } = inputs;
  if (!factors || !recurrentFactorKernel) {
    return { recurrentKernel: () => tf.matMul(maskedStates(y, inputs, reverse), dColumns, true) };
  }
  const masked = maskedStates(y, inputs, reverse);
  const products = tf.matMul(masked, recurrentFactorKernel as tf.Tensor2D);
  const rows = tf.reshape(factors, products.shape);
  const own = dm();
  return {
    recurrentKernel: () => tf.matMul(tf.mul<tf.Tensor2D>(products, rows), dColumns, true),
    recurrentFactorKernel: () => tf.matMul(masked, tf.mul<tf.Tensor2D>(own, rows), true),
    factors: () => tf.reshape(tf.mul(own, products), factors.shape),
  };
}
