// frame → a GRU's output, and its gradients, in loops over typed arrays

import * as tf from '@tensorflow/tfjs-core';
import type { GruAttributes, GruImplementation, GruInputs } from '../../signatures/gru.ts';
import { hostTensor, hostValues } from '../../tfjs/hostMemory.ts';
import { matMul, sumRows } from '../matMul.ts';
import { type HostCell, sigmoid, tanh } from './hostCell.ts';
import { hostSequence } from './hostSequence.ts';
import { PackedFactor } from './product.ts';

type HostGru = HostCell<GruInputs, GruAttributes>;

/** Saves z, r and h′, and the candidate's recurrent product. */
const resetAfter: HostGru = {
  initialStates: ['initialState'],
  saves: ['gates', 'extra'],
  separateRecurrent: true,

  forward({ recurrentKernel, recurrentBias, bias, updateMask }, { batch, units }) {
    const factor = new PackedFactor(recurrentKernel, { inner: units, columns: 3 * units });
    const products = new Float32Array(3 * batch * units); // [batch, 3 · units]
    return ({ counted }, { gates, masked, before, states, extra }) => {
      factor.multiply(masked, products, { rows: batch, aRowStep: units, aStep: 1 });
      const y = states[0]!;
      const yBefore = before[0]!;
      for (const { at, row, from } of counted) {
        for (let u = 0; u < units; u++) {
          const g = 3 * at + u;
          const p = 3 * row + u;
          const z = sigmoid(gates[g]! + bias[u]! + products[p]! + recurrentBias[u]!);
          const r = sigmoid(gates[g + units]! + bias[units + u]! + products[p + units]! + recurrentBias[units + u]!);
          const product = products[p + 2 * units]! + recurrentBias[2 * units + u]!;
          const candidate = tanh(gates[g + 2 * units]! + bias[2 * units + u]! + r * product);
          gates[g] = z;
          gates[g + units] = r;
          gates[g + 2 * units] = candidate;
          extra[at + u] = product;
          y[at + u] = z * yBefore[from + u]! + (1 - z) * candidate * (updateMask ? updateMask[row + u]! : 1);
        }
      }
    };
  },

  backward({ recurrentKernel, updateMask }, { batch, frames, units }) {
    const transposed = transposedPart(recurrentKernel, units, 0, 3);
    return ({ t, counted }, { gates, before, extra, dStates, dGates, dRecurrent, dMasked }) => {
      const dState = dStates[0]!;
      const yBefore = before[0]!;
      for (const { at, row, from } of counted) {
        for (let u = 0; u < units; u++) {
          const g = 3 * at + u;
          const z = gates[g]!;
          const r = gates[g + units]!;
          const candidate = gates[g + 2 * units]!;
          const dh = dState[row + u]!;
          const kept = updateMask ? updateMask[row + u]! : 1;
          const dCandidate = dh * (1 - z) * kept * (1 - candidate * candidate);
          dGates[g] = dRecurrent[g] = dh * (yBefore[from + u]! - candidate * kept) * z * (1 - z);
          dGates[g + units] = dRecurrent[g + units] = dCandidate * extra[at + u]! * r * (1 - r);
          dGates[g + 2 * units] = dCandidate;
          dRecurrent[g + 2 * units] = dCandidate * r;
          dState[row + u] = dh * z;
        }
      }
      transposed.multiply(dRecurrent.subarray(3 * t * units), dMasked, rowsOfFrames(batch, frames, units));
    };
  },

  gradients: ({ dRecurrent }) => ({ recurrentBias: () => sumRows(dRecurrent) }),
};

/** Saves z, r and h′, and r ⊙ s, which the candidate's recurrent product is of. */
const resetBefore: HostGru = {
  initialStates: ['initialState'],
  saves: ['gates', 'extra'],

  forward({ recurrentKernel, bias, updateMask }, { batch, frames, units }) {
    const gateFactor = new PackedFactor(recurrentKernel, { inner: units, columns: 2 * units, step: 3 * units });
    const candidateFactor = new PackedFactor(recurrentKernel.subarray(2 * units), {
      ...{ inner: units, columns: units, step: 3 * units },
    });
    const products = new Float32Array(2 * batch * units); // [batch, 2 · units]
    const candidateProducts = new Float32Array(batch * units);
    return ({ t, counted }, { gates, masked, before, states, extra }) => {
      gateFactor.multiply(masked, products, { rows: batch, aRowStep: units, aStep: 1 });
      for (const { at, row } of counted) {
        for (let u = 0; u < units; u++) {
          const g = 3 * at + u;
          gates[g] = sigmoid(gates[g]! + bias[u]! + products[2 * row + u]!);
          const r = sigmoid(gates[g + units]! + bias[units + u]! + products[2 * row + units + u]!);
          gates[g + units] = r;
          extra[at + u] = r * masked[row + u]!;
        }
      }
      candidateFactor.multiply(extra.subarray(t * units), candidateProducts, {
        ...{ rows: batch, aRowStep: frames * units, aStep: 1 },
      });
      const y = states[0]!;
      const yBefore = before[0]!;
      for (const { at, row, from } of counted) {
        for (let u = 0; u < units; u++) {
          const g = 3 * at + u;
          const z = gates[g]!;
          const candidate = tanh(gates[g + 2 * units]! + bias[2 * units + u]! + candidateProducts[row + u]!);
          gates[g + 2 * units] = candidate;
          y[at + u] = z * yBefore[from + u]! + (1 - z) * candidate * (updateMask ? updateMask[row + u]! : 1);
        }
      }
    };
  },

  backward({ recurrentKernel, updateMask }, { batch, frames, units }) {
    const gatesTransposed = transposedPart(recurrentKernel, units, 0, 2);
    const candidateTransposed = transposedPart(recurrentKernel, units, 2, 3);
    const dReset = new Float32Array(batch * units); // of r ⊙ s
    const layout = rowsOfFrames(batch, frames, units);
    return ({ t, counted }, { gates, masked, before, dStates, dGates, dMasked }) => {
      const dState = dStates[0]!;
      const yBefore = before[0]!;
      for (const { at, row, from } of counted) {
        for (let u = 0; u < units; u++) {
          const g = 3 * at + u;
          const z = gates[g]!;
          const candidate = gates[g + 2 * units]!;
          const dh = dState[row + u]!;
          const kept = updateMask ? updateMask[row + u]! : 1;
          dGates[g] = dh * (yBefore[from + u]! - candidate * kept) * z * (1 - z);
          dGates[g + 2 * units] = dh * (1 - z) * kept * (1 - candidate * candidate);
          dState[row + u] = dh * z;
        }
      }
      const start = 3 * t * units;
      candidateTransposed.multiply(dGates.subarray(start + 2 * units), dReset, layout);
      for (const { at, row } of counted) {
        for (let u = 0; u < units; u++) {
          const r = gates[3 * at + units + u]!;
          dGates[3 * at + units + u] = dReset[row + u]! * masked[at + u]! * r * (1 - r);
        }
      }
      gatesTransposed.multiply(dGates.subarray(start), dMasked, layout);
      for (const { at, row } of counted) {
        for (let u = 0; u < units; u++) dMasked[row + u]! += dReset[row + u]! * gates[3 * at + units + u]!;
      }
    };
  },

  gradients: ({ dGates, masked, extra }) => ({
    recurrentKernel: () => {
      const units = masked.shape[1];
      const [dGate, dCandidate] = [columnsOf(dGates, 0, 2 * units), columnsOf(dGates, 2 * units, units)];
      return tf.concat(
        [matMul(masked, dGate, { aTransposed: true }), matMul(extra!, dCandidate, { aTransposed: true })],
        1,
      );
    },
  }),
};

/** Some columns of a matrix; tf.slice takes longer than the products. */
function columnsOf(matrix: tf.Tensor2D, start: number, size: number): tf.Tensor2D {
  const [rows, columns] = matrix.shape;
  const part = hostTensor<tf.Rank.R2>([rows, size]);
  const [from, to] = hostValues(matrix, part);
  for (let row = 0; row < rows; row++) {
    to.set(from.subarray(row * columns + start, row * columns + start + size), row * size);
  }
  return part;
}

/** The transposed recurrent kernel's gates from `first` up to `end`. */
function transposedPart(recurrentKernel: Float32Array, units: number, first: number, end: number): PackedFactor {
  return new PackedFactor(recurrentKernel.subarray(first * units), {
    ...{ inner: (end - first) * units, columns: units, step: 1, columnStep: 3 * units },
  });
}

/** A frame's rows among those of all frames, three gates each. */
function rowsOfFrames(batch: number, frames: number, units: number) {
  return { rows: batch, aRowStep: 3 * frames * units, aStep: 1 };
}

const [after, before] = [hostSequence(resetAfter), hostSequence(resetBefore)];

/** A GRU in loops over typed arrays. */
export const hostGru: GruImplementation = {
  forward: (inputs, attributes) => (attributes.resetAfter ? after : before).forward(inputs, attributes),
  gradient: (dys, inputs, outputs, attributes) =>
    (attributes.resetAfter ? after : before).gradient(dys, inputs, outputs, attributes),
};
