// frame → an independently recurrent network's output, and its gradients, in loops over typed arrays

import * as tf from '@tensorflow/tfjs-core';
import { activate, slopeAt } from '../../recurrent/activation.ts';
import type { ElmanAttributes } from '../../recurrent/elmanSequence.ts';
import type { IndRnnImplementation, IndRnnInputs } from '../../recurrent/indRnnSequence.ts';
import { sumRows } from '../matMul.ts';
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
