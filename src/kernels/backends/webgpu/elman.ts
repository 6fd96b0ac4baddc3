// sequence → a fully recurrent network's output and gradients, each in one dispatch over all frames

import * as tf from '@tensorflow/tfjs-core';
import type { ElmanImplementation } from '../../signatures/elman.ts';
import { composedElman } from '../composed/elman.ts';
import { activationCode, gradientCode } from './activation.ts';
import { runRecurrence } from './recurrence.ts';
import { recurrentGradients, recurrentProduct, recurrentProductGradient } from './recurrentProduct.ts';
import { project, sharedGradients, unpack, whereItFits } from './sequence.ts';

/** What a fully recurrent network needs room for. */
export const ELMAN_SIZE = { gates: 1, sections: 1 };

/** With factors among the inputs, it is a multiplicative RNN. */
export const elman: ElmanImplementation = {
  forward(inputs, { reverse, activation }) {
    const { x, bias, recurrentMask, frameMask, initialState } = inputs;
    const [batch, frames] = x.shape;
    const units = initialState.shape[1];
    const recurrent = recurrentProduct(inputs);
    const y = runRecurrence<tf.Rank.R3>({
      ...{ pass: 'forward', reverse, units, outputShape: [batch, frames, units], carried: ['h'] },
      inputs: { projected: project(inputs), bias, frameMask, ...recurrent.inputs },
      ofSequence: { initialState, recurrentMask },
      start: 'h[slot] = initialState(own);',
      frame: [
        ...recurrent.frame,
        `
        let z = projected[at] + recurrent(u) + bias[u];
        if (counts) { h[slot] = ${activationCode(activation)}; }
        result[at] = h[slot];`,
      ],
    });
    return [y];
  },

  gradient(dys, inputs, outputs, { reverse, activation }) {
    const { recurrentMask, frameMask } = inputs;
    const [dy, y] = [dys[0] as tf.Tensor3D, outputs[0] as tf.Tensor3D];
    const [batch, frames, units] = y.shape;
    const rows = batch * frames;
    const packed = tf.tidy(() => {
      const back = recurrentProductGradient(inputs);
      return runRecurrence<tf.Rank.R1>({
        ...{ pass: 'backward', reverse, units, carried: ['dh'] },
        outputShape: [((1 + back.sections) * rows + batch) * units],
        inputs: { y, dy, frameMask, ...back.inputs },
        ofSequence: { recurrentMask },
        start: 'dh[slot] = 0.0;',
        frame: [
          `
          ${gradientCode(activation)}
          vector[u] = dz;
          result[at] = dz;`,
          ...back.frame,
        ],
        end: `result[${1 + back.sections} * section + own] = dh[slot];`,
      });
    });
    const dz = unpack(packed, 0, rows, units);
    const dm = () => unpack(packed, rows * units, rows, units);
    return {
      ...sharedGradients(dz, inputs),
      ...recurrentGradients(dz, dm, y, inputs, reverse),
      initialState: () => unpack(packed, packed.size - batch * units, batch, units),
    };
  },
};

/** A fully recurrent network on WebGPU. */
export const webgpuElman = whereItFits(ELMAN_SIZE, elman, composedElman);
