// sequence → an LSTM's output, last cell and gradients, each in one dispatch over all frames

import * as tf from '@tensorflow/tfjs-core';
import type { LstmImplementation } from '../../signatures/lstm.ts';
import { composedLstm } from '../composed/lstm.ts';
import { runRecurrence } from './recurrence.ts';
import { maskedStates, project, sharedGradients, unpack, updateOf, whereItFits } from './sequence.ts';

const GATES = 4;

/** What the forward pass packs into its output, a section each for all frames: h, c, i, f, g, o. */
const SECTIONS = 6;

const implementation: LstmImplementation = {
  forward(inputs, { reverse }) {
    const { x, recurrentKernel, bias, recurrentMask, frameMask, initialState, initialCell } = inputs;
    const [batch, frames] = x.shape;
    const units = initialState.shape[1];
    const columns = GATES * units;
    const update = updateOf(inputs);
    const saved = runRecurrence<tf.Rank.R4>({
      ...{ pass: 'forward', reverse, units, outputShape: [SECTIONS, batch, frames, units], carried: ['h', 'c'] },
      inputs: { projected: project(inputs), recurrentKernel, bias, frameMask },
      ofSequence: { initialState, initialCell, recurrentMask, ...update.ofSequence },
      functions: `
        fn gate(row : i32, column : i32) -> f32 {
          return projected[row * ${columns} + column] + recurrent(column) + bias[column];
        }`,
      start: 'h[slot] = initialState(own); c[slot] = initialCell(own);',
      frame: [
        'vector[u] = h[slot] * recurrentMask(own);',
        { name: 'recurrent', matrix: 'recurrentKernel', rowLength: columns, rows: units, columns },
        `
        let i = sigmoid(gate(row, u));
        let f = sigmoid(gate(row, UNITS + u));
        let g = safeTanh(gate(row, 2 * UNITS + u));
        let o = sigmoid(gate(row, 3 * UNITS + u));
        if (counts) {
          c[slot] = f * c[slot] + i * g * ${update.mask};
          h[slot] = o * safeTanh(c[slot]);
        }
        result[at] = h[slot];
        result[at + section] = c[slot];
        result[at + 2 * section] = i;
        result[at + 3 * section] = f;
        result[at + 4 * section] = g;
        result[at + 5 * section] = o;`,
      ],
    });
    const y = tf.slice(saved, [0, 0, 0, 0], [1, batch, frames, units]);
    const lastCell = tf.slice(saved, [1, 0, reverse ? 0 : frames - 1, 0], [1, batch, 1, units]);
    return [tf.reshape(y, [batch, frames, units]), tf.reshape(lastCell, [batch, units]), saved];
  },

  gradient(dys, inputs, outputs, { reverse }) {
    const { recurrentKernel, recurrentMask, frameMask, initialCell } = inputs;
    const [dy, dLastCell] = dys as [tf.Tensor3D, tf.Tensor2D];
    const [y, , saved] = outputs as [tf.Tensor3D, tf.Tensor2D, tf.Tensor4D];
    const [batch, frames, units] = y.shape;
    const rows = batch * frames;
    const columns = GATES * units;
    const packed = tf.tidy(() => {
      const update = updateOf(inputs);
      return runRecurrence<tf.Rank.R1>({
        ...{ pass: 'backward', reverse, units, carried: ['dh', 'dc'] },
        outputShape: [rows * columns + 2 * batch * units],
        inputs: { saved, dy, frameMask, transposed: tf.transpose(recurrentKernel) },
        ofSequence: { dLastCell, recurrentMask, initialCell, ...update.ofSequence },
        start: 'dh[slot] = 0.0; dc[slot] = dLastCell(own);',
        frame: [
          `
          var dz = vec4<f32>(0.0);
          dh[slot] += dy[at];
          if (counts) {
            var before = initialCell(own);
            if (!isFirst) { before = saved[previous + section]; }
            let tanhOfCell = safeTanh(saved[at + section]);
            let i = saved[at + 2 * section];
            let f = saved[at + 3 * section];
            let g = saved[at + 4 * section];
            let o = saved[at + 5 * section];
            let dCell = dc[slot] + dh[slot] * o * (1.0 - tanhOfCell * tanhOfCell);
            let dUpdate = dCell * ${update.mask};
            dz = vec4<f32>(
              dUpdate * g * i * (1.0 - i),
              dCell * before * f * (1.0 - f),
              dUpdate * i * (1.0 - g * g),
              dh[slot] * tanhOfCell * o * (1.0 - o),
            );
            dc[slot] = dCell * f;
            dh[slot] = 0.0;
          }
          for (var gate = 0; gate < 4; gate++) {
            vector[gate * UNITS + u] = dz[gate];
            result[row * ${columns} + gate * UNITS + u] = dz[gate];
          }`,
          { name: 'back', matrix: 'transposed', rowLength: units, rows: columns, columns: units },
          'dh[slot] += back(u) * recurrentMask(own);',
        ],
        end: `
          result[${GATES} * section + own] = dh[slot];
          result[${GATES} * section + batch * UNITS + own] = dc[slot];`,
      });
    });
    const dz = unpack(packed, 0, rows, columns);
    return {
      ...sharedGradients(dz, inputs),
      recurrentKernel: () => tf.matMul(maskedStates(y, inputs, reverse), dz, true),
      initialState: () => unpack(packed, packed.size - 2 * batch * units, batch, units),
      initialCell: () => unpack(packed, packed.size - batch * units, batch, units),
    };
  },
};

/** An LSTM on WebGPU. */
export const webgpuLstm = whereItFits({ gates: GATES, sections: SECTIONS }, implementation, composedLstm);
