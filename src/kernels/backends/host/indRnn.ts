// frame → an independently recurrent network's output, and its gradients, in loops over typed arrays

import * as tf from '@tensorflow/tfjs-core';
import type { ElmanAttributes } from '../../signatures/elman.ts';
import type { IndRnnImplementation, IndRnnInputs } from '../../signatures/indRnn.ts';
import { sumRows } from '../matMul.ts';
import { activate, slopeAt } from './activation.ts';
import type { HostCell } from './hostCell.ts';
import { hostSequence } from './hostSequence.ts';

const cell: HostCell<IndRnnInputs, ElmanAttributes> = {
  initialStates: ['initialState'],
  saves: [],

  forward({ recurrentWeights, bias }, { units }, { activation }) {
    return ({ counted }, { gates, masked, states }) => {
      const y = states[0]!;
      for (const { at, row } of counted) {
        for (let u = 0; u < units; u++) {
          const z = gates[at + u]! + masked[row + u]! * recurrentWeights[u]! + bias[u]!;
          y[at + u] = activate(z, activation);
        }
      }
    };
  },

  backward({ recurrentWeights }, { units }, { activation }) {
    return ({ counted }, { states, dStates, dGates, dMasked }) => {
      const y = states[0]!;
      const dState = dStates[0]!;
      dMasked.fill(0);
      for (const { at, row } of counted) {
        for (let u = 0; u < units; u++) {
          const dz = dState[row + u]! * slopeAt(y[at + u]!, activation);
          dGates[at + u] = dz;
          dMasked[row + u] = dz * recurrentWeights[u]!;
          dState[row + u] = 0;
        }
      }
    };
  },

  gradients: ({ masked, dGates }) => ({ recurrentWeights: () => sumRows(tf.mul(masked, dGates)) }),
};

/** An independently recurrent network in loops over typed arrays. */
export const hostIndRnn: IndRnnImplementation = hostSequence(cell);
