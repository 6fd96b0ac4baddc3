// sequence → a fully recurrent network's output and gradients, each in one dispatch over all frames

import * as tf from '@tensorflow/tfjs-core';
import { composedElman } from '../recurrent/elmanComposed.ts';
import type { ElmanImplementation } from '../recurrent/elmanSequence.ts';
import { gradientCode, squashCode } from './activation.ts';
import { runRecurrence } from './recurrence.ts';
import { project, recurrentGradient, sharedGradients, unpack, whereItFits } from './sequence.ts';

const implementation: ElmanImplementation = {
  forward(inputs, attributes) {
    const { x, recurrentKernel, bias, recurrentMask, frameMask, initialState } = inputs;
    const [batch, frames] = x.shape;
    const units = initialState.shape[1];
    const y = runRecurrence<tf.Rank.R3>({
      pass: 'forward',
      reverse: attributes.reverse,
      inputs: { projected: project(inputs), recurrentKernel, bias, recurrentMask, frameMask, initialState },
      units,
      outputShape: [batch, frames, units],
      carried: ['h'],
      start: 'h[slot] = initialState[own];',
      frame: [
        'vector[u] = h[slot] * recurrentMask[own];',
        { name: 'recurrent', matrix: 'recurrentKernel', rowLength: units, rows: units, columns: units },
        `
        let z = projected[at] + recurrent(u) + bias[u];
        if (counts) { h[slot] = ${squashCode(attributes.activation)}; }
        result[at] = h[slot];`,
      ],
    });
    return [y];
  },

  gradient(dys, inputs, outputs, attributes) {
    const { recurrentKernel, recurrentMask, frameMask } = inputs;
    const [dy, y] = [dys[0] as tf.Tensor3D, outputs[0] as tf.Tensor3D];
    const [batch, frames, units] = y.shape;
    const rows = batch * frames;
    const packed = tf.tidy(() =>
      runRecurrence<tf.Rank.R1>({
        pass: 'backward',
        reverse: attributes.reverse,
        inputs: { y, dy, transposed: tf.transpose(recurrentKernel), recurrentMask, frameMask },
        units,
        outputShape: [(rows + batch) * units],
        carried: ['dh'],
        start: 'dh[slot] = 0.0;',
        frame: [
          `
          ${gradientCode(attributes.activation)}
          vector[u] = dz;
          result[at] = dz;`,
          { name: 'back', matrix: 'transposed', rowLength: units, rows: units, columns: units },
          'dh[slot] += back(u) * recurrentMask[own];',
        ],
        end: 'result[section + own] = dh[slot];',
      }),
    );
    const dz = unpack(packed, 0, rows, units);
    return {
      ...sharedGradients(dz, inputs),
      recurrentKernel: () => recurrentGradient(dz, y, inputs, attributes.reverse),
      initialState: () => unpack(packed, rows * units, batch, units),
    };
  },
};

/** A fully recurrent network on WebGPU. */
export const webgpuElman = whereItFits({ gates: 1, sections: 1 }, implementation, composedElman);
