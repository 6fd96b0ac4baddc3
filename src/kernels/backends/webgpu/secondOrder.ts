// sequence → a second-order network's output and gradients, each in one dispatch over all frames

import * as tf from '@tensorflow/tfjs-core';
import type { SecondOrderImplementation } from '../../signatures/secondOrder.ts';
import { composedSecondOrder } from '../composed/secondOrder.ts';
import { activationCode, gradientCode } from './activation.ts';
import { runRecurrence } from './recurrence.ts';
import { project, sharedGradients, unpack, whereItFits } from './sequence.ts';

/** `projected` holds a matrix for each frame: rows by the state before, columns by the state after. */
const implementation: SecondOrderImplementation = {
  forward(inputs, { reverse, activation }) {
    const { x, bias, recurrentMask, frameMask, initialState } = inputs;
    const [batch, frames] = x.shape;
    const units = initialState.shape[1];
    const projected = project(inputs); // [batch · frames, units · units]
    const y = runRecurrence<tf.Rank.R3>({
      ...{ pass: 'forward', reverse, units, outputShape: [batch, frames, units], carried: ['h'] },
      inputs: { projected, bias, frameMask },
      ofSequence: { recurrentMask, initialState },
      start: 'h[slot] = initialState(own);',
      frame: [
        'vector[u] = h[slot] * recurrentMask(own);',
        `
        var z = bias[u];
        for (var k = 0; k < UNITS; k++) { z += vector[k] * projected[(row * UNITS + k) * UNITS + u]; }
        if (counts) { h[slot] = ${activationCode(activation)}; }
        result[at] = h[slot];`,
        '', // all have read the vector before it is written again
      ],
    });
    return [y, projected];
  },

  gradient(dys, inputs, outputs, { reverse, activation }) {
    const { recurrentMask, frameMask, initialState } = inputs;
    const [dy, y, projected] = [dys[0] as tf.Tensor3D, outputs[0] as tf.Tensor3D, outputs[1]!];
    const [batch, frames, units] = y.shape;
    const rows = batch * frames;
    const packed = tf.tidy(() =>
      runRecurrence<tf.Rank.R1>({
        ...{ pass: 'backward', reverse, units, carried: ['dh'] },
        outputShape: [rows * units * (units + 1) + batch * units],
        inputs: { projected, y, dy, frameMask },
        ofSequence: { recurrentMask, initialState },
        start: 'dh[slot] = 0.0;',
        frame: [
          `
          ${gradientCode(activation)}
          vector[u] = dz;
          result[section * UNITS + at] = dz;`,
          `
          var before = initialState(own);
          if (!isFirst) { before = y[previous]; }
          let state = before * recurrentMask(own);
          var sum = 0.0;
          for (var i = 0; i < UNITS; i++) {
            let m = (row * UNITS + u) * UNITS + i;
            result[m] = state * vector[i];
            sum += projected[m] * vector[i];
          }
          dh[slot] += sum * recurrentMask(own);`,
          '',
        ],
        end: 'result[section * (UNITS + 1) + own] = dh[slot];',
      }),
    );
    const dProjected = unpack(packed, 0, rows, units * units);
    return {
      ...sharedGradients(dProjected, inputs),
      bias: () => tf.sum(unpack(packed, rows * units * units, rows, units), 0),
      initialState: () => unpack(packed, rows * units * (units + 1), batch, units),
    };
  },
};

/** A second-order network on WebGPU. */
export const webgpuSecondOrder = whereItFits(
  { gates: 1, sections: (units) => units + 1 },
  implementation,
  composedSecondOrder,
);
