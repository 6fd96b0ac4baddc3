// a cell's frame, forward and back, in loops over typed arrays → the cell over a sequence, on `cpu` and `wasm`
//
// A whole sequence is one pass over the backend's own memory: no tensor is made within it, and the recurrent kernel is laid
// out for its products once. Everything is kept as [batch, frames, columns], the layout of the input, so nothing is
// transposed or sliced.

import * as tf from '@tensorflow/tfjs-core';
import type { SequenceAttributes, SequenceInputs } from '../../recurrent/sequence.ts';
import type { Gradients, Implementation } from '../../signatures/implementation.ts';
import { hostTensor, hostValues } from '../../tfjs/hostMemory.ts';
import { matMul, sumRows } from '../matMul.ts';
import type { Backpropagated, HostCell, Values } from './hostCell.ts';
import { hostFrames, type Sizes } from './hostFrames.ts';

/** The implementation of a cell by its frame. Outputs: y, last other states; saved are the other states, gates, extra. */
export function hostSequence<Inputs extends SequenceInputs, Attributes extends SequenceAttributes>(
  cell: HostCell<Inputs, Attributes>,
): Implementation<Inputs, Attributes> {
  return {
    forward: (inputs, attributes) => forward(cell, inputs, attributes),
    gradient: (dys, inputs, outputs, attributes) => {
      const back = tf.tidy(() => backpropagate(cell, dys, inputs, outputs, attributes) as never) as Backpropagated;
      return { ...sharedGradients(back, inputs), ...cell.gradients?.(back, inputs) };
    },
  };
}

function forward<Inputs extends SequenceInputs, Attributes extends SequenceAttributes>(
  cell: HostCell<Inputs, Attributes>,
  inputs: Inputs,
  attributes: Attributes,
): tf.Tensor[] {
  const sizes = sizesOf(inputs);
  const { batch, frames, units } = sizes;
  const gateTensor = matMul(rowsOf(inputs.x), inputs.kernel);
  const stateTensors = cell.initialStates.map(() => hostTensor<tf.Rank.R3>([batch, frames, units]));
  const lastTensors = stateTensors.slice(1).map(() => hostTensor<tf.Rank.R2>([batch, units]));
  const extraTensor = hostTensor<tf.Rank.R3>([batch, cell.saves.includes('extra') ? frames : 0, units]);

  const values = valuesOf(inputs);
  const initial = cell.initialStates.map((name) => values[name]!);
  const [gates, extra] = hostValues(gateTensor, extraTensor);
  extra.fill(0); // also where a frame does not count: there it meets gradients of 0, and must not be NaN
  const states = hostValues(...stateTensors);
  const memory = { gates, masked: new Float32Array(batch * units), before: initial, states, extra };
  const compute = cell.forward(values, sizes, attributes);
  const order = hostFrames(values.frameMask, attributes.reverse, sizes);
  for (const frame of order) {
    memory.before = frame.first ? initial : states;
    for (const { row, from } of frame.all) {
      multiply(memory.before[0]!, from, values.recurrentMask, row, memory.masked, row, units);
    }
    compute(frame, memory);
    for (const { at, from } of frame.padding) {
      for (const [i, state] of states.entries()) state.set(memory.before[i]!.subarray(from, from + units), at);
    }
  }
  for (const [i, last] of hostValues(...lastTensors).entries()) {
    for (const { row, at } of order.at(-1)!.all) last.set(states[i + 1]!.subarray(at, at + units), row);
  }
  const saved = { gates: gateTensor, extra: extraTensor };
  const [y, ...others] = stateTensors;
  return [y!, ...lastTensors, ...others, ...cell.saves.map((name) => saved[name])];
}

function backpropagate<Inputs extends SequenceInputs, Attributes extends SequenceAttributes>(
  cell: HostCell<Inputs, Attributes>,
  dys: tf.Tensor[],
  inputs: Inputs,
  outputs: tf.Tensor[],
  attributes: Attributes,
): Backpropagated {
  const sizes = sizesOf(inputs);
  const { batch, frames, units } = sizes;
  const others = cell.initialStates.length - 1;
  const stateTensors = [outputs[0]!, ...outputs.slice(1 + others, 1 + 2 * others)];
  const saved = (name: 'gates' | 'extra') => {
    const index = cell.saves.indexOf(name);
    return index < 0 ? undefined : outputs[1 + 2 * others + index];
  };
  const dGateTensor = tf.zeros<tf.Rank.R2>([batch * frames, inputs.kernel.shape[1]]);
  const dRecurrentTensor = cell.separateRecurrent ? tf.zerosLike(dGateTensor) : dGateTensor;
  const maskedTensor = hostTensor<tf.Rank.R2>([batch * frames, units]);
  const dStateTensors = cell.initialStates.map(() => hostTensor<tf.Rank.R2>([batch, units]));
  const ownTensors = Array.from({ length: cell.ownGradients ?? 0 }, () =>
    tf.zeros<tf.Rank.R2>([batch * frames, units]),
  );

  const values = valuesOf(inputs);
  const initial = cell.initialStates.map((name) => values[name]!);
  const none = new Float32Array(0);
  const valuesOrNone = (tensor: tf.Tensor | undefined) => (tensor ? hostValues(tensor)[0] : none);
  const states = hostValues(...stateTensors);
  const [dy, ...dLast] = hostValues(...dys.slice(0, 1 + others));
  const [dGates, dRecurrent, masked] = hostValues(dGateTensor, dRecurrentTensor, maskedTensor);
  const dStates = hostValues(...dStateTensors);
  dStates[0]!.fill(0);
  for (const [i, d] of dLast.entries()) dStates[i + 1]!.set(d);
  const [gates, extra] = [valuesOrNone(saved('gates')), valuesOrNone(saved('extra'))];
  const dMasked = new Float32Array(batch * units);
  const own = hostValues(...ownTensors);
  const memory = { gates, masked, before: initial, states, extra, dStates, dMasked, dGates, dRecurrent, own };
  const compute = cell.backward(values, sizes, attributes);
  for (const frame of hostFrames(values.frameMask, attributes.reverse, sizes).reverse()) {
    memory.before = frame.first ? initial : states;
    for (const { at, row, from } of frame.all) {
      multiply(memory.before[0]!, from, values.recurrentMask, row, masked, at, units);
      for (let u = 0; u < units; u++) dStates[0]![row + u]! += dy![at + u]!;
    }
    compute(frame, memory);
    for (let i = 0; i < dMasked.length; i++) dStates[0]![i]! += dMasked[i]! * values.recurrentMask[i]!;
  }
  const extraTensor = saved('extra');
  return {
    dGates: dGateTensor,
    dRecurrent: dRecurrentTensor,
    masked: maskedTensor,
    extra: extraTensor && tf.reshape(extraTensor, [batch * frames, units]),
    own: ownTensors,
    dInitial: dStateTensors,
  };
}

/** Gradients that every cell has in common. */
function sharedGradients({ dGates, dRecurrent, masked, dInitial }: Backpropagated, inputs: SequenceInputs) {
  const { x, kernel } = inputs;
  return {
    x: () => tf.reshape(matMul(dGates, kernel, { bTransposed: true }), x.shape),
    kernel: () => matMul(rowsOf(x), dGates, { aTransposed: true }),
    bias: () => sumRows(dGates),
    initialState: () => dInitial[0]!,
    ...('recurrentKernel' in inputs && {
      recurrentKernel: () => matMul(masked, dRecurrent, { aTransposed: true }),
    }),
  } as Gradients<SequenceInputs>;
}

function sizesOf({ x, initialState }: SequenceInputs): Sizes {
  return { batch: x.shape[0], frames: x.shape[1], units: initialState.shape[1] };
}

function valuesOf<Inputs extends SequenceInputs>(inputs: Inputs): Values<Inputs> {
  const values = hostValues(...Object.values(inputs));
  return Object.fromEntries(Object.keys(inputs).map((name, i) => [name, values[i]])) as Values<Inputs>;
}

/** [batch, frames, features] → [batch · frames, features] */
function rowsOf(x: tf.Tensor3D): tf.Tensor2D {
  return tf.reshape(x, [x.shape[0] * x.shape[1], x.shape[2]]);
}

/** `units` products of what is in `a` from `aStart` on, … */
function multiply(
  a: Float32Array,
  aStart: number,
  b: Float32Array,
  bStart: number,
  product: Float32Array,
  start: number,
  units: number,
): void {
  for (let u = 0; u < units; u++) product[start + u] = a[aStart + u]! * b[bStart + u]!;
}
