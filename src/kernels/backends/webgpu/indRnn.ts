// sequence → an independently recurrent network's output and gradients, each in one dispatch over all frames

import * as tf from '@tensorflow/tfjs-core';
import type { IndRnnImplementation } from '../../signatures/indRnn.ts';
import { composedIndRnn } from '../composed/indRnn.ts';
import { activationCode, gradientCode } from './activation.ts';
import { runRecurrence } from './recurrence.ts';
import { maskedStates, project, sharedGradients, unpack, whereItFits } from './sequence.ts';

const implementation: IndRnnImplementation = {
  forward(inputs, { reverse, activation }) {
    const { x, recurrentWeights, bias, recurrentMask, frameMask, initialState } = inputs;
    const [batch, frames] = x.shape;
    const units = initialState.shape[1];
    const y = runRecurrence<tf.Rank.R3>({
      ...{ pass: 'forward', reverse, units, outputShape: [batch, frames, units], carried: ['h'] },
      inputs: { projected: project(inputs), recurrentWeights, bias, frameMask },
      ofSequence: { recurrentMask, initialState },
      start: 'h[slot] = initialState(own);',
      frame: [
        `
        let z = projected[at] + h[slot] * recurrentMask(own) * recurrentWeights[u] + bias[u];
        if (counts) { h[slot] = ${activationCode(activation)}; }
        result[at] = h[slot];`,
      ],
    });
    return [y];
  },

  gradient(dys, inputs, outputs, { reverse, activation }) {
    const { recurrentWeights, recurrentMask, frameMask } = inputs;
    const [dy, y] = [dys[0] as tf.Tensor3D, outputs[0] as tf.Tensor3D];
    const [batch, frames, units] = y.shape;
    const rows = batch * frames;
    const packed = tf.tidy(() =>
      runRecurrence<tf.Rank.R1>({
        ...{ pass: 'backward', reverse, units, outputShape: [(rows + batch) * units], carried: ['dh'] },
        inputs: { y, dy, recurrentWeights, frameMask },
        ofSequence: { recurrentMask },
        start: 'dh[slot] = 0.0;',
        frame: [
          `
          ${gradientCode(activation)}
          dh[slot] += dz * recurrentMask(own) * recurrentWeights[u];
          result[at] = dz;`,
        ],
        end: 'result[section + own] = dh[slot];',
      }),
    );
    const dz = unpack(packed, 0, rows, units);
    return {
      ...sharedGradients(dz, inputs),
      recurrentWeights: () => tf.sum(tf.mul(maskedStates(y, inputs, reverse), dz), 0),
      initialState: () => unpack(packed, rows * units, batch, units),
    };
  },
};

/** An independently recurrent network on WebGPU. */
export const webgpuIndRnn = whereItFits({ gates: 1, sections: 1 }, implementation, composedIndRnn);
