// frame → an LSTM's output and cell, and its gradients, in loops over typed arrays

import type { SequenceAttributes } from '../../recurrent/sequence.ts';
import type { LstmImplementation, LstmInputs } from '../../signatures/lstm.ts';
import { type HostCell, sigmoid, tanh } from './hostCell.ts';
import { hostSequence } from './hostSequence.ts';
import { PackedFactor } from './product.ts';

/** A frame of it. */
export const hostLstmCell: HostCell<LstmInputs, SequenceAttributes> = {
  initialStates: ['initialState', 'initialCell'],
  saves: ['gates'],

  forward({ recurrentKernel, bias, updateMask }, { batch, units }) {
    const factor = new PackedFactor(recurrentKernel, { inner: units, columns: 4 * units });
    const products = new Float32Array(4 * batch * units); // [batch, 4 · units]
    return ({ counted }, { gates, masked, before, states }) => {
      factor.multiply(masked, products, { rows: batch, aRowStep: units, aStep: 1 });
      const [y, cells] = states as [Float32Array, Float32Array];
      const cellsBefore = before[1]!;
      for (const { at, row, from } of counted) {
        for (let u = 0; u < units; u++) {
          const z = 4 * at + u;
          const r = 4 * row + u;
          const i = sigmoid(gates[z]! + products[r]! + bias[u]!);
          const f = sigmoid(gates[z + units]! + products[r + units]! + bias[units + u]!);
          const g = tanh(gates[z + 2 * units]! + products[r + 2 * units]! + bias[2 * units + u]!);
          const o = sigmoid(gates[z + 3 * units]! + products[r + 3 * units]! + bias[3 * units + u]!);
          const kept = updateMask ? updateMask[row + u]! : 1;
          const c = f * cellsBefore[from + u]! + i * g * kept;
          gates[z] = i;
          gates[z + units] = f;
          gates[z + 2 * units] = g;
          gates[z + 3 * units] = o;
          cells[at + u] = c;
          y[at + u] = o * tanh(c);
        }
      }
    };
  },

  backward({ recurrentKernel, updateMask }, { batch, frames, units }) {
    const transposed = new PackedFactor(recurrentKernel, {
      ...{ inner: 4 * units, columns: units, step: 1, columnStep: 4 * units },
    });
    return ({ t, counted }, { gates, before, states, dStates, dGates, dMasked }) => {
      const cells = states[1]!;
      const cellsBefore = before[1]!;
      const [dState, dCell] = dStates as [Float32Array, Float32Array];
      for (const { at, row, from } of counted) {
        for (let u = 0; u < units; u++) {
          const z = 4 * at + u;
          const i = gates[z]!;
          const f = gates[z + units]!;
          const g = gates[z + 2 * units]!;
          const o = gates[z + 3 * units]!;
          const tanhOfCell = tanh(cells[at + u]!);
          const dh = dState[row + u]!;
          const dc = dCell[row + u]! + dh * o * (1 - tanhOfCell * tanhOfCell);
          const update = dc * (updateMask ? updateMask[row + u]! : 1);
          dGates[z] = update * g * i * (1 - i);
          dGates[z + units] = dc * cellsBefore[from + u]! * f * (1 - f);
          dGates[z + 2 * units] = update * i * (1 - g * g);
          dGates[z + 3 * units] = dh * tanhOfCell * o * (1 - o);
          dState[row + u] = 0;
          dCell[row + u] = dc * f;
        }
      }
      transposed.multiply(dGates.subarray(4 * t * units), dMasked, {
        ...{ rows: batch, aRowStep: 4 * frames * units, aStep: 1 },
      });
    };
  },

  gradients: ({ dInitial }) => ({ initialCell: () => dInitial[1]! }),
};

/** An LSTM in loops over typed arrays. */
export const hostLstm: LstmImplementation = hostSequence(hostLstmCell);
