// sequence → a gated recurrent unit's output and gradients, each in one dispatch over all frames

import * as tf from '@tensorflow/tfjs-core';
import type { SequenceInputs } from '../../recurrent/sequence.ts';
import type { GruImplementation } from '../../signatures/gru.ts';
import { composedGru } from '../composed/gru.ts';
import { type Recurrence, runRecurrence } from './recurrence.ts';
import { maskedStates, project, sharedGradients, unpack, updateOf, whereItFits } from './sequence.ts';

const GATES = 3;

/** What the forward pass packs into its output, a section each for all frames: h, z, r, candidate, its recurrent product. */
const SECTIONS = 5;

/** The most that is packed: by the backward pass, the gates' gradients twice. */
const MOST_SECTIONS = 6;

const implementation: GruImplementation = {
  forward(inputs, { reverse, resetAfter }) {
    const { x, recurrentKernel, bias, recurrentBias, recurrentMask, frameMask, initialState } = inputs;
    const [batch, frames] = x.shape;
    const units = initialState.shape[1];
    const sections = resetAfter ? SECTIONS : SECTIONS - 1;
    const all = { projected: project(inputs), recurrentKernel, bias, frameMask };
    const update = updateOf(inputs);
    const saved = runRecurrence<tf.Rank.R4>({
      pass: 'forward',
      reverse,
      inputs: resetAfter ? { ...all, recurrentBias } : all,
      ofSequence: { recurrentMask, initialState, ...update.ofSequence },
      units,
      outputShape: [sections, batch, frames, units],
      carried: ['h', 'z'],
      functions: `
        fn ofInput(row : i32, column : i32) -> f32 { return projected[row * ${GATES * units} + column] + bias[column]; }`,
      start: 'h[slot] = initialState(own);',
      frame: resetAfter ? forwardAfter(units, update.mask) : forwardBefore(units, update.mask),
    });
    return [tf.reshape(tf.slice(saved, [0, 0, 0, 0], [1, batch, frames, units]), [batch, frames, units]), saved];
  },

  gradient(dys, inputs, outputs, { reverse, resetAfter }) {
    const { recurrentKernel, recurrentMask, frameMask, initialState } = inputs;
    const [y, saved] = outputs as [tf.Tensor3D, tf.Tensor4D];
    const [batch, frames, units] = y.shape;
    const rows = batch * frames;
    const columns = GATES * units;
    const size = rows * columns * (resetAfter ? 2 : 1); // dProjected, then dRecurrent where it is another
    const packed = tf.tidy(() => {
      const update = updateOf(inputs);
      return runRecurrence<tf.Rank.R1>({
        pass: 'backward',
        reverse,
        inputs: { saved, dy: dys[0]!, transposed: tf.transpose(recurrentKernel), frameMask },
        ofSequence: { recurrentMask, initialState, ...update.ofSequence },
        units,
        outputShape: [size + batch * units],
        carried: ['dh'],
        start: 'dh[slot] = 0.0;',
        frame: resetAfter ? backwardAfter(units, update.mask) : backwardBefore(units, update.mask),
        end: `result[${resetAfter ? 2 * GATES : GATES} * section + own] = dh[slot];`,
      });
    });
    const dProjected = unpack(packed, 0, rows, columns);
    const dInitial = { initialState: () => unpack(packed, size, batch, units) };
    if (resetAfter) {
      const dRecurrent = unpack(packed, rows * columns, rows, columns);
      return {
        ...sharedGradients(dProjected, inputs),
        recurrentKernel: () => tf.matMul(maskedStates(y, inputs, reverse), dRecurrent, true),
        ...dInitial,
        recurrentBias: () => tf.sum(dRecurrent, 0),
      };
    }
    return {
      ...sharedGradients(dProjected, inputs),
      ...dInitial,
      recurrentKernel: () => recurrentKernelBefore(dProjected, y, saved, inputs, reverse),
    };
  },
};

type Frame = Recurrence['frame'];

const MASK_STATE = 'vector[u] = h[slot] * recurrentMask(own);';

function forwardAfter(units: number, kept: string): Frame {
  const columns = GATES * units;
  return [
    MASK_STATE,
    { name: 'recurrent', matrix: 'recurrentKernel', rowLength: columns, rows: units, columns },
    `
    z[slot] = sigmoid(ofInput(row, u) + recurrent(u) + recurrentBias[u]);
    let r = sigmoid(ofInput(row, UNITS + u) + recurrent(UNITS + u) + recurrentBias[UNITS + u]);
    let product = recurrent(2 * UNITS + u) + recurrentBias[2 * UNITS + u];
    let candidate = safeTanh(ofInput(row, 2 * UNITS + u) + r * product);
    result[at + 2 * section] = r;
    result[at + 4 * section] = product;
    ${keepState(kept)}`,
  ];
}

function forwardBefore(units: number, kept: string): Frame {
  const block = { matrix: 'recurrentKernel', rowLength: GATES * units, rows: units };
  return [
    MASK_STATE,
    { ...block, name: 'recurrent', columns: 2 * units },
    `
    z[slot] = sigmoid(ofInput(row, u) + recurrent(u));
    let r = sigmoid(ofInput(row, UNITS + u) + recurrent(UNITS + u));
    vector[u] *= r;
    result[at + 2 * section] = r;`,
    { ...block, name: 'ofReset', columns: units, firstColumn: 2 * units },
    `
    let candidate = safeTanh(ofInput(row, 2 * UNITS + u) + ofReset(u));
    ${keepState(kept)}`,
  ];
}

const keepState = (kept: string) => `
    if (counts) { h[slot] = z[slot] * h[slot] + (1.0 - z[slot]) * candidate * ${kept}; }
    result[at] = h[slot];
    result[at + section] = z[slot];
    result[at + 3 * section] = candidate;`;

const BEFORE = `
    var before = initialState(own);
    if (!isFirst) { before = saved[previous]; }
    let r = saved[at + 2 * section];`;

/** From the gradient of h to those of z and the candidate, before their activations, and of h₋₁ by the way of z. */
const gateGradients = (kept: string) => `
    ${BEFORE}
    let z = saved[at + section];
    let candidate = saved[at + 3 * section];
    var dz = 0.0;
    var dCandidate = 0.0;
    dh[slot] += dy[at];
    if (counts) {
      dz = dh[slot] * (before - candidate * ${kept}) * z * (1.0 - z);
      dCandidate = dh[slot] * (1.0 - z) * ${kept} * (1.0 - candidate * candidate);
      dh[slot] *= z;
    }`;

function backwardAfter(units: number, kept: string): Frame {
  const columns = GATES * units;
  return [
    `${gateGradients(kept)}
    let dr = select(0.0, dCandidate * saved[at + 4 * section] * r * (1.0 - r), counts);
    let projected = vec3<f32>(dz, dr, dCandidate);
    let recurrent = vec3<f32>(dz, dr, select(0.0, dCandidate * r, counts));
    for (var gate = 0; gate < ${GATES}; gate++) {
      let column = gate * UNITS + u;
      vector[column] = recurrent[gate];
      result[row * ${columns} + column] = projected[gate];
      result[(rows + row) * ${columns} + column] = recurrent[gate];
    }`,
    { name: 'back', matrix: 'transposed', rowLength: units, rows: columns, columns: units },
    'dh[slot] += back(u) * recurrentMask(own);',
  ];
}

function backwardBefore(units: number, kept: string): Frame {
  const columns = GATES * units;
  const block = { matrix: 'transposed', rowLength: units, columns: units };
  return [
    // The first product reads the first part of the vector only, so that dz can wait in the second.
    `${gateGradients(kept)}
    vector[u] = dCandidate;
    vector[UNITS + u] = dz;
    result[row * ${columns} + u] = dz;
    result[row * ${columns} + 2 * UNITS + u] = dCandidate;`,
    { ...block, name: 'ofReset', rows: units, firstRow: 2 * units },
    `${BEFORE}
    var dr = 0.0;
    if (counts) {
      dr = ofReset(u) * before * recurrentMask(own) * r * (1.0 - r);
      dh[slot] += ofReset(u) * r * recurrentMask(own);
    }
    vector[u] = vector[UNITS + u];
    vector[UNITS + u] = dr;
    result[row * ${columns} + UNITS + u] = dr;`,
    { ...block, name: 'back', rows: 2 * units },
    'dh[slot] += back(u) * recurrentMask(own);',
  ];
}

/** The candidate's columns of the recurrent kernel are multiplied by r ⊙ s, all others by s. */
function recurrentKernelBefore(
  dProjected: tf.Tensor2D,
  y: tf.Tensor3D,
  saved: tf.Tensor4D,
  inputs: SequenceInputs,
  reverse: boolean,
): tf.Tensor2D {
  const [batch, frames, units] = y.shape;
  const masked = maskedStates(y, inputs, reverse);
  const r = tf.reshape(tf.slice(saved, [2, 0, 0, 0], [1, batch, frames, units]), [batch * frames, units]);
  const [dGates, dCandidate] = tf.split(dProjected, [2 * units, units], 1) as [tf.Tensor2D, tf.Tensor2D];
  return tf.concat([tf.matMul(masked, dGates, true), tf.matMul(tf.mul(masked, r) as tf.Tensor2D, dCandidate, true)], 1);
}

/** A GRU on WebGPU. */
export const webgpuGru = whereItFits({ gates: GATES, sections: MOST_SECTIONS }, implementation, composedGru);
