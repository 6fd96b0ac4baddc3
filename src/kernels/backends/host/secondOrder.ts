// frame → a second-order network's output, and its gradients, in loops over typed arrays

import type { ElmanAttributes } from '../../signatures/elman.ts';
import type { SecondOrderImplementation, SecondOrderInputs } from '../../signatures/secondOrder.ts';
import { sumRows } from '../matMul.ts';
import { activate, slopeAt } from './activation.ts';
import type { HostCell } from './hostCell.ts';
import { hostSequence } from './hostSequence.ts';

/** What is called gates here is the matrix of each frame, [units, units]. */
const cell: HostCell<SecondOrderInputs, ElmanAttributes> = {
  initialStates: ['initialState'],
  saves: ['gates'],
  ownGradients: 1, // of the sums, before the activation

  forward({ bias }, { units }, { activation }) {
    const sums = new Float64Array(units);
    return ({ counted }, { gates, masked, states }) => {
      const y = states[0]!;
      for (const { at, row } of counted) {
        sums.set(bias);
        for (let k = 0, m = at * units; k < units; k++) {
          const state = masked[row + k]!;
          for (let i = 0; i < units; i++, m++) sums[i]! += state * gates[m]!;
        }
        for (let i = 0; i < units; i++) y[at + i] = activate(sums[i]!, activation);
      }
    };
  },

  backward(_values, { units }, { activation }) {
    return ({ counted }, { gates, masked, states, dStates, dGates, dMasked, own }) => {
      const [y, dState, dSums] = [states[0]!, dStates[0]!, own[0]!];
      dMasked.fill(0);
      for (const { at, row } of counted) {
        for (let i = 0; i < units; i++) {
          dSums[at + i] = dState[row + i]! * slopeAt(y[at + i]!, activation);
          dState[row + i] = 0;
        }
        for (let k = 0, m = at * units; k < units; k++) {
          const state = masked[at + k]!;
          let sum = 0;
          for (let i = 0; i < units; i++, m++) {
            const d = dSums[at + i]!;
            dGates[m] = state * d;
            sum += gates[m]! * d;
          }
          dMasked[row + k] = sum;
        }
      }
    };
  },

  gradients: ({ own }) => ({ bias: () => sumRows(own[0]!) }),
};

/** A second-order network in loops over typed arrays. */
export const hostSecondOrder: SecondOrderImplementation = hostSequence(cell);
