// frame → a fully recurrent network's output, and its gradients, in loops over typed arrays

import type { ElmanAttributes, ElmanImplementation, ElmanInputs } from '../../signatures/elman.ts';
import { activate, slopeAt } from './activation.ts';
import type { HostCell } from './hostCell.ts';
import { hostSequence } from './hostSequence.ts';
import { PackedFactor } from './product.ts';

/** A frame of it. */
export const hostElmanCell: HostCell<ElmanInputs, ElmanAttributes> = {
  initialStates: ['initialState'],
  saves: [],

  forward({ recurrentKernel, bias }, { batch, units }, { activation }) {
    const factor = new PackedFactor(recurrentKernel, { inner: units, columns: units });
    const products = new Float32Array(batch * units);
    return ({ counted }, { gates, masked, states }) => {
      factor.multiply(masked, products, { rows: batch, aRowStep: units, aStep: 1 });
      const y = states[0]!;
      for (const { at, row } of counted) {
        for (let u = 0; u < units; u++) {
          const z = gates[at + u]! + products[row + u]! + bias[u]!;
          y[at + u] = activate(z, activation);
        }
      }
    };
  },

  backward({ recurrentKernel }, { batch, frames, units }, { activation }) {
    const transposed = new PackedFactor(recurrentKernel, { inner: units, columns: units, step: 1, columnStep: units });
    return ({ t, counted }, { states, dStates, dGates, dMasked }) => {
      const y = states[0]!;
      const dState = dStates[0]!;
      for (const { at, row } of counted) {
        for (let u = 0; u < units; u++) {
          dGates[at + u] = dState[row + u]! * slopeAt(y[at + u]!, activation);
          dState[row + u] = 0;
        }
      }
      transposed.multiply(dGates.subarray(t * units), dMasked, { rows: batch, aRowStep: frames * units, aStep: 1 });
    };
  },
};

/** A fully recurrent network in loops over typed arrays. */
export const hostElman: ElmanImplementation = hostSequence(hostElmanCell);
