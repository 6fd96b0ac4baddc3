// frame → a fully recurrent network's output, in tf operations

import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '../matMul.ts';
import { type ComposedCell, composedSequence, tanhSlope } from './composedSequence.ts';
import type { ElmanAttributes, ElmanImplementation, ElmanInputs } from './elmanSequence.ts';

const cell: ComposedCell<ElmanInputs, ElmanAttributes> = {
  initialStates: ({ initialState }) => [initialState],

  forward({ projected, masked }, { recurrentKernel }, { activation }) {
    const z = tf.add<tf.Tensor2D>(projected, matMul(masked, recurrentKernel));
    return { states: [activation === 'relu' ? tf.relu(z) : tf.tanh(z)] };
  },

  backward({ dStates, after }, { recurrentKernel }, { activation }) {
    const slope = activation === 'relu' ? tf.step(after[0]!) : tanhSlope(after[0]!);
    const dProjected = tf.mul<tf.Tensor2D>(dStates[0]!, slope);
    return { dProjected, dMasked: matMul(dProjected, recurrentKernel, { bTransposed: true }), dStates: [undefined] };
  },
};

/** A fully recurrent network on every backend. */
export const composedElman: ElmanImplementation = composedSequence(cell);
