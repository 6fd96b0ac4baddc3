// sequence → LSTM outputs, in tf operations that every backend has
//
// Gates and cells are kept time-major, [frames, batch, …], so that taking a frame is a contiguous read.

import * as tf from '@tensorflow/tfjs-core';
import type { LstmAttributes, LstmGradients, LstmInputs, LstmSequence } from './lstmSequence.ts';

/** The forward pass. */
export function composedSequence(inputs: LstmInputs, { reverse }: LstmAttributes): LstmSequence {
  const { x, kernel, recurrentKernel, bias, recurrentMask } = inputs;
  const [batch, frames, features] = x.shape;
  const units = recurrentKernel.shape[0];
  const rows = tf.reshape(timeMajor(x), [frames * batch, features]);
  const projected = tf.reshape(tf.add(tf.matMul(rows, kernel), bias), [frames, batch, 4 * units]);

  const inputsByFrame = tf.unstack(projected) as tf.Tensor2D[]; // [batch, 4 · units] each
  const gates: tf.Tensor[] = new Array(frames);
  const cells: tf.Tensor[] = new Array(frames);
  const outputs: tf.Tensor[] = new Array(frames);
  let cell: tf.Tensor = tf.zeros([batch, units]);
  let state = tf.zeros<tf.Rank.R2>([batch, units]); // h₋₁ ⊙ mask
  for (let step = 0; step < frames; step++) {
    const t = reverse ? frames - 1 - step : step;
    const z = tf.add(inputsByFrame[t]!, tf.matMul(state, recurrentKernel));
    const [zi, zf, zg, zo] = tf.split(z, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const [i, f, g, o] = [tf.sigmoid(zi), tf.sigmoid(zf), tf.tanh(zg), tf.sigmoid(zo)];
    cell = tf.add(tf.mul(f, cell), tf.mul(i, g));
    const h = tf.mul(o, tf.tanh(cell));
    state = tf.mul(h, recurrentMask);
    gates[t] = tf.concat([i, f, g, o], 1);
    cells[t] = cell;
    outputs[t] = h;
  }
  return [tf.stack(outputs, 1), tf.stack(gates), tf.stack(cells)] as LstmSequence;
}

/** Backpropagation through time. */
export function composedGradient(
  dy: tf.Tensor3D,
  inputs: LstmInputs,
  [y, gates, cells]: LstmSequence,
  { reverse }: LstmAttributes,
): LstmGradients {
  const { x, kernel, recurrentKernel, recurrentMask } = inputs;
  const [batch, frames, features] = x.shape;
  const units = recurrentKernel.shape[0];
  return tf.tidy(() => {
    const dyByFrame = tf.unstack(dy, 1);
    const outputsByFrame = tf.unstack(y, 1);
    const gatesByFrame = tf.unstack(gates);
    const cellsByFrame = tf.unstack(cells);
    const nothing = tf.zeros<tf.Rank.R2>([batch, units]);
    const turned: tf.Tensor2D = tf.transpose(recurrentKernel);
    const dzByFrame: tf.Tensor[] = new Array(frames);
    const statesByFrame: tf.Tensor[] = new Array(frames);
    let dState: tf.Tensor = nothing;
    let dCell: tf.Tensor = nothing;
    for (let step = frames - 1; step >= 0; step--) {
      const t = reverse ? frames - 1 - step : step;
      const previous = reverse ? t + 1 : t - 1;
      const [i, f, g, o] = tf.split(gatesByFrame[t]!, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const saturated = tf.tanh(cellsByFrame[t]!);
      const dh = tf.add(dyByFrame[t]!, tf.mul(dState, recurrentMask));
      const dc = tf.add(dCell, tf.mul(tf.mul(dh, o), oneMinusSquare(saturated)));
      const before = step === 0 ? nothing : cellsByFrame[previous]!;
      const dz = tf.concat2d(
        [
          tf.mul(tf.mul(dc, g), sigmoidSlope(i)),
          tf.mul(tf.mul(dc, before), sigmoidSlope(f)),
          tf.mul(tf.mul(dc, i), oneMinusSquare(g)),
          tf.mul(tf.mul(dh, saturated), sigmoidSlope(o)),
        ] as tf.Tensor2D[],
        1,
      );
      dCell = tf.mul(dc, f);
      dState = tf.matMul(dz, turned);
      dzByFrame[t] = dz;
      statesByFrame[t] = step === 0 ? nothing : tf.mul(outputsByFrame[previous]!, recurrentMask);
    }
    const dz: tf.Tensor2D = tf.concat(dzByFrame as tf.Tensor2D[], 0); // [frames · batch, 4 · units], time-major
    const states = tf.concat(statesByFrame as tf.Tensor2D[], 0);
    const rows = tf.reshape(timeMajor(x), [frames * batch, features]);
    const dx = tf.reshape(tf.matMul(dz, tf.transpose(kernel)), [frames, batch, features]);
    return {
      x: timeMajor(dx as tf.Tensor3D),
      kernel: tf.matMul(tf.transpose(rows), dz),
      recurrentKernel: tf.matMul(tf.transpose(states), dz),
      bias: tf.sum(dz, 0),
    };
  });
}

/** [batch, frames, …] → [frames, batch, …], and back. */
function timeMajor(x: tf.Tensor3D): tf.Tensor3D {
  return tf.transpose(x, [1, 0, 2]);
}

function sigmoidSlope(value: tf.Tensor): tf.Tensor {
  return tf.mul(value, tf.sub(1, value));
}

function oneMinusSquare(value: tf.Tensor): tf.Tensor {
  return tf.sub(1, tf.square(value));
}
