// frame → an LSTM's output and cell, in tf operations

import * as tf from '@tensorflow/tfjs-core';
import type { SequenceAttributes } from '../../recurrent/sequence.ts';
import type { LstmImplementation, LstmInputs } from '../../signatures/lstm.ts';
import { matMul } from '../matMul.ts';
import { sigmoidSlope, tanhSlope } from './activation.ts';
import { type ComposedCell, composedSequence, kept } from './composedSequence.ts';

/** A frame of it. */
export const composedLstmCell: ComposedCell<LstmInputs, SequenceAttributes> = {
  initialStates: ({ initialState, initialCell }) => [initialState, initialCell],

  forward({ projected, masked, states }, { recurrentKernel, updateMask }) {
    const z = tf.add(projected, matMul(masked, recurrentKernel));
    const [zi, zf, zg, zo] = tf.split(z, 4, 1) as Four;
    const [i, f, g, o] = [tf.sigmoid(zi), tf.sigmoid(zf), tf.tanh(zg), tf.sigmoid(zo)];
    const c = tf.add<tf.Tensor2D>(tf.mul(f, states[1]!), tf.mul(i, kept(g, updateMask)));
    return { states: [tf.mul(o, tf.tanh(c)), c], saved: tf.concat([i, f, g, o], 1) };
  },

  backward({ dStates, before, after, saved }, { recurrentKernel, updateMask }) {
    const [dh, dLater] = dStates as [tf.Tensor2D, tf.Tensor2D];
    const [i, f, g, o] = tf.split(saved!, 4, 1) as Four;
    const tanhOfCell = tf.tanh(after[1]!);
    const dc = tf.add<tf.Tensor2D>(dLater, tf.mul(tf.mul(dh, o), tanhSlope(tanhOfCell)));
    const dUpdate = kept(dc, updateMask);
    const gates: tf.Tensor2D[] = [
      tf.mul(tf.mul(dUpdate, g), sigmoidSlope(i)),
      tf.mul(tf.mul(dc, before[1]!), sigmoidSlope(f)),
      tf.mul(tf.mul(dUpdate, i), tanhSlope(g)),
      tf.mul(tf.mul(dh, tanhOfCell), sigmoidSlope(o)),
    ];
    const dProjected = tf.concat(gates, 1);
    const dMasked = matMul(dProjected, recurrentKernel, { bTransposed: true });
    return { dProjected, dMasked, dStates: [undefined, tf.mul(dc, f)] };
  },

  gradients: ({ dInitial }) => ({ initialCell: () => dInitial[1]! }),
};

type Four = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];

/** An LSTM on every backend. */
export const composedLstm: LstmImplementation = composedSequence(composedLstmCell);
