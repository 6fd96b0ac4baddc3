// sequence → LSTM outputs, in loops over typed arrays (backends `cpu` and `wasm`)
//
// Gates and cells are kept as [batch, frames, …], the layout of the input, so nothing is transposed or sliced. Matrix
// products stay with the backend.

import * as tf from '@tensorflow/tfjs-core';
import { hostTensor, hostValues } from './hostMemory.ts';
import type { LstmAttributes, LstmGradients, LstmInputs, LstmSequence } from './lstmSequence.ts';
import { matMul } from './matMul.ts';

/** The forward pass. */
export function hostSequence(inputs: LstmInputs, { reverse }: LstmAttributes): LstmSequence {
  const { x, kernel, recurrentKernel, bias, recurrentMask } = inputs;
  const [batch, frames, features] = x.shape;
  const units = recurrentKernel.shape[0];
  const y = hostTensor<tf.Rank.R3>([batch, frames, units]);
  const gates = hostTensor<tf.Rank.R3>([batch, frames, 4 * units]);
  const cells = hostTensor<tf.Rank.R3>([batch, frames, units]);

  tf.tidy(() => {
    const projected = matMul(tf.reshape(x, [batch * frames, features]), kernel); // [batch · frames, 4 · units]
    const state = tf.zeros<tf.Rank.R2>([batch, units]); // h₋₁ ⊙ mask, rewritten in place at every frame
    for (let step = 0; step < frames; step++) {
      const t = reverse ? frames - 1 - step : step;
      tf.tidy(() => {
        const recurrent = matMul(state, recurrentKernel); // [batch, 4 · units]
        forwardFrame(...hostValues(projected, recurrent, bias, recurrentMask, state, gates, cells, y), {
          batch,
          frames,
          units,
          t,
          previous: step === 0 ? undefined : reverse ? t + 1 : t - 1,
        });
      });
    }
  });
  return [y, gates, cells];
}

interface Frame {
  readonly batch: number;
  readonly frames: number;
  readonly units: number;
  /** The frame to compute. */
  readonly t: number;
  /** The frame that was computed before it; undefined for the first. */
  readonly previous: number | undefined;
}

function forwardFrame(
  projected: Float32Array,
  recurrent: Float32Array,
  bias: Float32Array,
  mask: Float32Array,
  state: Float32Array,
  gates: Float32Array,
  cells: Float32Array,
  y: Float32Array,
  { batch, frames, units, t, previous }: Frame,
): void {
  for (let b = 0; b < batch; b++) {
    const at = (b * frames + t) * units;
    const z = 4 * at;
    const r = 4 * b * units;
    for (let u = 0; u < units; u++) {
      const i = sigmoid(projected[z + u]! + recurrent[r + u]! + bias[u]!);
      const f = sigmoid(projected[z + units + u]! + recurrent[r + units + u]! + bias[units + u]!);
      const g = tanh(projected[z + 2 * units + u]! + recurrent[r + 2 * units + u]! + bias[2 * units + u]!);
      const o = sigmoid(projected[z + 3 * units + u]! + recurrent[r + 3 * units + u]! + bias[3 * units + u]!);
      const before = previous === undefined ? 0 : cells[(b * frames + previous) * units + u]!;
      const cell = f * before + i * g;
      const h = o * tanh(cell);
      gates[z + u] = i;
      gates[z + units + u] = f;
      gates[z + 2 * units + u] = g;
      gates[z + 3 * units + u] = o;
      cells[at + u] = cell;
      y[at + u] = h;
      state[b * units + u] = h * mask[b * units + u]!;
    }
  }
}

/** Backpropagation through time. */
export function hostGradient(
  dy: tf.Tensor3D,
  inputs: LstmInputs,
  [y, gates, cells]: LstmSequence,
  { reverse }: LstmAttributes,
): LstmGradients {
  const { x, kernel, recurrentKernel, recurrentMask } = inputs;
  const [batch, frames, features] = x.shape;
  const units = recurrentKernel.shape[0];
  return tf.tidy(() => {
    const dz = hostTensor<tf.Rank.R2>([batch * frames, 4 * units]); // gradient before the gates' nonlinearities
    const states = hostTensor<tf.Rank.R2>([batch * frames, units]); // h₋₁ ⊙ mask of every frame
    const frameDz = hostTensor<tf.Rank.R2>([batch, 4 * units]);
    const dCell = tf.zeros<tf.Rank.R2>([batch, units]); // carried from frame to frame, rewritten in place
    const turned: tf.Tensor2D = tf.transpose(recurrentKernel);
    let dState = tf.zeros<tf.Rank.R2>([batch, units]);
    for (let step = frames - 1; step >= 0; step--) {
      const t = reverse ? frames - 1 - step : step;
      backwardFrame(...hostValues(dy, dState, recurrentMask, gates, cells, y, dCell, dz, frameDz, states), {
        batch,
        frames,
        units,
        t,
        previous: step === 0 ? undefined : reverse ? t + 1 : t - 1,
      });
      dState.dispose();
      dState = matMul(frameDz, turned);
    }
    const rows = tf.reshape(x, [batch * frames, features]);
    return {
      x: tf.reshape(matMul(dz, tf.transpose(kernel)), x.shape),
      kernel: matMul(tf.transpose(rows as tf.Tensor2D), dz),
      recurrentKernel: matMul(tf.transpose(states), dz),
      bias: tf.sum(dz, 0),
    };
  });
}

function backwardFrame(
  dy: Float32Array,
  dState: Float32Array,
  mask: Float32Array,
  gates: Float32Array,
  cells: Float32Array,
  y: Float32Array,
  dCell: Float32Array,
  dz: Float32Array,
  frameDz: Float32Array,
  states: Float32Array,
  { batch, frames, units, t, previous }: Frame,
): void {
  for (let b = 0; b < batch; b++) {
    const at = (b * frames + t) * units;
    const z = 4 * at;
    const r = 4 * b * units;
    for (let u = 0; u < units; u++) {
      const row = b * units + u;
      const i = gates[z + u]!;
      const f = gates[z + units + u]!;
      const g = gates[z + 2 * units + u]!;
      const o = gates[z + 3 * units + u]!;
      const before = previous === undefined ? undefined : (b * frames + previous) * units + u;
      const saturated = tanh(cells[at + u]!);
      const dh = dy[at + u]! + dState[row]! * mask[row]!;
      const dc = dCell[row]! + dh * o * (1 - saturated * saturated);
      const di = dc * g * i * (1 - i);
      const df = before === undefined ? 0 : dc * cells[before]! * f * (1 - f);
      const dg = dc * i * (1 - g * g);
      const dO = dh * saturated * o * (1 - o);
      dCell[row] = dc * f;
      dz[z + u] = di;
      dz[z + units + u] = df;
      dz[z + 2 * units + u] = dg;
      dz[z + 3 * units + u] = dO;
      frameDz[r + u] = di;
      frameDz[r + units + u] = df;
      frameDz[r + 2 * units + u] = dg;
      frameDz[r + 3 * units + u] = dO;
      states[at + u] = before === undefined ? 0 : y[before]! * mask[row]!;
    }
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** As accurate as float32 holds, in half the time of Math.tanh. */
function tanh(x: number): number {
  return 1 - 2 / (1 + Math.exp(2 * x));
}
