// frame → a fully recurrent network's output, and its gradients, in loops over typed arrays

import { PackedFactor } from '../product.ts';
import type { ElmanAttributes, ElmanImplementation, ElmanInputs } from './elmanSequence.ts';
import { type HostCell, tanh } from './hostCell.ts';
import { hostSequence } from './hostSequence.ts';

const cell: HostCell<ElmanInputs, ElmanAttributes> = {
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
          y[at + u] = activation === 'relu' ? Math.max(0, z) : tanh(z);
        }
      }
    };
  },

  backward({ recurrentKernel }, { batch, frames, units }, { activation }) {
    const turned = new PackedFactor(recurrentKernel, { inner: units, columns: units, step: 1, columnStep: units });
    return ({ t, counted }, { states, dStates, dGates, dMasked }) => {
      const y = states[0]!;
      const dState = dStates[0]!;
      for (const { at, row } of counted) {
        for (let u = 0; u < units; u++) {
          const h = y[at + u]!;
          const slope = activation === 'relu' ? Math.sign(h) : 1 - h * h; // h ≥ 0 with relu
          dGates[at + u] = dState[row + u]! * slope;
          dState[row + u] = 0;
        }
      }
      turned.multiply(dGates.subarray(t * units), dMasked, { rows: batch, aRowStep: frames * units, aStep: 1 });
    };
  },
};

/** A fully recurrent network in loops over typed arrays. */
export const hostElman: ElmanImplementation = hostSequence(cell);
