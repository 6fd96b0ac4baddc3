// frame → a fully recurrent network's output, in tf operations

import * as tf from '@tensorflow/tfjs-core';
import type { ElmanAttributes, ElmanImplementation, ElmanInputs } from '../../signatures/elman.ts';
import { matMul } from '../matMul.ts';
import { activated, slopeOf } from './activation.ts';
import { type ComposedCell, composedSequence } from './composedSequence.ts';

/** A frame of it. */
export const composedElmanCell: ComposedCell<ElmanInputs, ElmanAttributes> = {
  initialStates: ({ initialState }) => [initialState],

  forward({ projected, masked }, { recurrentKernel }, { activation }) {
    const z = tf.add<tf.Tensor2D>(projected, matMul(masked, recurrentKernel));
    return { states: [activated(z, activation)] };
  },

  backward({ dStates, after }, { recurrentKernel }, { activation }) {
    const dProjected = tf.mul<tf.Tensor2D>(dStates[0]!, slopeOf(after[0]!, activation));
    return { dProjected, dMasked: matMul(dProjected, recurrentKernel, { bTransposed: true }), dStates: [undefined] };
  },
};

/** A fully recurrent network on every backend. */
export const composedElman: ElmanImplementation = composedSequence(composedElmanCell);
