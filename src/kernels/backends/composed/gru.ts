// frame → a GRU's output, in tf operations

import * as tf from '@tensorflow/tfjs-core';
import type { GruAttributes, GruImplementation, GruInputs } from '../../signatures/gru.ts';
import { matMul } from '../matMul.ts';
import { sigmoidSlope, tanhSlope } from './activation.ts';
import { type ComposedCell, composedSequence, kept } from './composedSequence.ts';

/** What is saved of a frame: z, r, h′ and, where the reset comes after it, the candidate's recurrent product. */
const cell: ComposedCell<GruInputs, GruAttributes> = {
  initialStates: ({ initialState }) => [initialState],

  forward({ projected, masked, states }, { recurrentKernel, recurrentBias, updateMask }, { resetAfter }) {
    const [z, r, candidate, product] = resetAfter
      ? resetAfterProduct(projected, tf.add(matMul(masked, recurrentKernel), recurrentBias))
      : resetBeforeProduct(projected, masked, recurrentKernel);
    const h = tf.add<tf.Tensor2D>(tf.mul(z, states[0]!), tf.mul(tf.sub(1, z), kept(candidate, updateMask)));
    return { states: [h], saved: tf.concat(product ? [z, r, candidate, product] : [z, r, candidate], 1) };
  },

  backward({ dStates, masked, before, saved }, { recurrentKernel, updateMask }, { resetAfter }) {
    const dh = dStates[0]!;
    const [z, r, candidate, product] = tf.split(saved!, resetAfter ? 4 : 3, 1) as Gates;
    const dz = tf.mul<tf.Tensor2D>(tf.mul(dh, tf.sub(before[0]!, kept(candidate, updateMask))), sigmoidSlope(z));
    const dUpdate = kept(tf.mul(dh, tf.sub(1, z)), updateMask);
    const dCandidate = tf.mul<tf.Tensor2D>(dUpdate, tanhSlope(candidate));
    const own = { dStates: [tf.mul<tf.Tensor2D>(dh, z)] };
    if (product) {
      const dr = tf.mul<tf.Tensor2D>(tf.mul(dCandidate, product), sigmoidSlope(r));
      const dRecurrent = tf.concat([dz, dr, tf.mul<tf.Tensor2D>(dCandidate, r)], 1);
      const dMasked = matMul(dRecurrent, recurrentKernel, { bTransposed: true });
      return { ...own, dProjected: tf.concat([dz, dr, dCandidate], 1), dRecurrent, dMasked };
    }
    const [gates, last] = splitKernel(recurrentKernel);
    const dReset = matMul(dCandidate, last, { bTransposed: true }); // of r ⊙ s
    const dr = tf.mul<tf.Tensor2D>(tf.mul(dReset, masked), sigmoidSlope(r));
    const dGates = matMul(tf.concat([dz, dr], 1), gates, { bTransposed: true });
    return {
      ...own,
      dProjected: tf.concat([dz, dr, dCandidate], 1),
      dMasked: tf.add(dGates, tf.mul(dReset, r)),
    };
  },

  gradients({ dProjected, dRecurrent, masked, saved }, _inputs, { resetAfter }) {
    if (resetAfter) return { recurrentBias: () => tf.sum(dRecurrent, 0) };
    return {
      recurrentKernel: () => {
        const units = masked.shape[1];
        const [dGates, dCandidate] = tf.split(dProjected, [2 * units, units], 1) as [tf.Tensor2D, tf.Tensor2D];
        const [, r] = tf.split(saved!, 3, 1) as Gates;
        const reset: tf.Tensor2D = tf.mul(masked, r);
        return tf.concat(
          [matMul(masked, dGates, { aTransposed: true }), matMul(reset, dCandidate, { aTransposed: true })],
          1,
        );
      },
    };
  },
};

type Gates = [z: tf.Tensor2D, r: tf.Tensor2D, candidate: tf.Tensor2D, product?: tf.Tensor2D];

function resetAfterProduct(projected: tf.Tensor2D, recurrent: tf.Tensor2D): Gates {
  const [xz, xr, xh] = tf.split(projected, 3, 1) as Three;
  const [sz, sr, product] = tf.split(recurrent, 3, 1) as Three;
  const z = tf.sigmoid(tf.add<tf.Tensor2D>(xz, sz));
  const r = tf.sigmoid(tf.add<tf.Tensor2D>(xr, sr));
  return [z, r, tf.tanh(tf.add<tf.Tensor2D>(xh, tf.mul(r, product))), product];
}

function resetBeforeProduct(projected: tf.Tensor2D, masked: tf.Tensor2D, recurrentKernel: tf.Tensor2D): Gates {
  const [gates, last] = splitKernel(recurrentKernel);
  const [xz, xr, xh] = tf.split(projected, 3, 1) as Three;
  const [sz, sr] = tf.split(matMul(masked, gates), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  const z = tf.sigmoid(tf.add<tf.Tensor2D>(xz, sz));
  const r = tf.sigmoid(tf.add<tf.Tensor2D>(xr, sr));
  return [z, r, tf.tanh(tf.add<tf.Tensor2D>(xh, matMul(tf.mul(r, masked), last)))];
}

/** The parts of the recurrent kernel: of z and r, and of the candidate. */
function splitKernel(recurrentKernel: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  const units = recurrentKernel.shape[0];
  return tf.split(recurrentKernel, [2 * units, units], 1) as [tf.Tensor2D, tf.Tensor2D];
}

type Three = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];

/** A GRU on every backend. */
export const composedGru: GruImplementation = composedSequence(cell);
