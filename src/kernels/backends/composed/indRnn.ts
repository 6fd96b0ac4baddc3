// frame → an independently recurrent network's output, in tf operations

import * as tf from '@tensorflow/tfjs-core';
import type { ElmanAttributes } from '../../signatures/elman.ts';
import type { IndRnnImplementation, IndRnnInputs } from '../../signatures/indRnn.ts';
import { activated, slopeOf } from './activation.ts';
import { type ComposedCell, composedSequence } from './composedSequence.ts';

const cell: ComposedCell<IndRnnInputs, ElmanAttributes> = {
  initialStates: ({ initialState }) => [initialState],

  forward({ projected, masked }, { recurrentWeights }, { activation }) {
    return { states: [activated(tf.add(projected, tf.mul(masked, recurrentWeights)), activation)] };
  },

  backward({ dStates, after }, { recurrentWeights }, { activation }) {
    const dProjected = tf.mul<tf.Tensor2D>(dStates[0]!, slopeOf(after[0]!, activation));
    return { dProjected, dMasked: tf.mul(dProjected, recurrentWeights), dStates: [undefined] };
  },

  gradients: ({ masked, dProjected }) => ({ recurrentWeights: () => tf.sum(tf.mul(masked, dProjected), 0) }),
};

/** An independently recurrent network on every backend. */
export const composedIndRnn: IndRnnImplementation = composedSequence(cell);
