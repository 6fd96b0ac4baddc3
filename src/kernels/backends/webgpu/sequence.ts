// the tensors of a sequence around its recurrence → what every cell computes for all frames at once, by stock products
//
// Rows are the frames of all sequences in the order of `x`, [batch · frames, columns]: no transposition is needed. The
// factors of `tf.matMul` need none either, as this backend reads them transposed at no cost.

import * as tf from '@tensorflow/tfjs-core';
import type { SequenceAttributes, SequenceInputs } from '../../recurrent/sequence.ts';
import type { Implementation } from '../../signatures/implementation.ts';
import { MOST_INVOCATIONS, runProgram, webgpuLimits } from '../../tfjs/webgpuProgram.ts';

/** What a cell on WebGPU needs room for. */
export interface SequenceSize {
  readonly gates: number;
  /** The most numbers that it packs into one tensor, for each unit of each frame. */
  readonly sections: number;
}

/**
 * A cell on WebGPU where the limits of the active device allow it, elsewhere composed. Workgroup memory has to hold
 * `gates + 1` numbers for each unit and 256 besides: in the 16 KiB that WebGPU guarantees, 768 units of an LSTM, 960 of a
 * GRU.
 */
export function whereItFits<Inputs extends SequenceInputs, Attributes extends SequenceAttributes>(
  size: SequenceSize,
  webgpu: Implementation<Inputs, Attributes>,
  composed: Implementation<Inputs, Attributes>,
): Implementation<Inputs, Attributes> {
  // The same for a sequence and its gradient, as their inputs are.
  const choose = (inputs: Inputs) => (fits(inputs, size) ? webgpu : composed);
  return {
    forward: (inputs, attributes) => choose(inputs).forward(inputs, attributes),
    gradient: (dys, inputs, outputs, attributes) => choose(inputs).gradient(dys, inputs, outputs, attributes),
  };
}

function fits({ x, initialState }: SequenceInputs, { gates, sections }: SequenceSize): boolean {
  const limits = webgpuLimits();
  const [batch, frames] = x.shape;
  const units = initialState.shape[1];
  return (
    limits !== undefined &&
    4 * ((gates + 1) * units + MOST_INVOCATIONS) <= limits.maxComputeWorkgroupStorageSize &&
    4 * batch * (frames + 1) * units * sections <= limits.maxStorageBufferBindingSize &&
    batch <= limits.maxComputeWorkgroupsPerDimension
  );
}

/** x·kernel, without the bias, which the recurrence adds: [batch · frames, gates · units] */
export function project({ x, kernel }: SequenceInputs): tf.Tensor2D {
  return tf.matMul(rowsOf(x), kernel);
}

/** [batch, frames, columns] → [batch · frames, columns] */
function rowsOf(x: tf.Tensor3D): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape[2]]);
}

/** Numbers `from` to `from + rows · columns` of a packed tensor, as a matrix. */
export function unpack(packed: tf.Tensor1D, from: number, rows: number, columns: number): tf.Tensor2D {
  return tf.reshape(tf.slice(packed, [from], [rows * columns]), [rows, columns]);
}

/** h₋₁ ⊙ recurrentMask of every frame, [batch · frames, units] */
export function maskedStates(
  y: tf.Tensor3D,
  { initialState, recurrentMask }: SequenceInputs,
  reverse: boolean,
): tf.Tensor2D {
  const [batch, frames, units] = y.shape;
  const code = `
    fn main(index : i32) {
      if (index >= uniforms.outShape.x * uniforms.outShape.y) { return; }
      let frames = uniforms.yShape.y;
      let unit = index / (frames * ${units}) * ${units} + index % ${units};
      let t = index / ${units} % frames;
      var h = initialState[unit];
      if (t != ${reverse ? 'frames - 1' : '0'}) { h = y[index - ${reverse ? -units : units}]; }
      result[index] = h * recurrentMask[unit];
    }`;
  return runProgram({
    inputs: { y, initialState, recurrentMask },
    outputShape: [batch * frames, units],
    workgroups: Math.ceil(y.size / MOST_INVOCATIONS),
    workgroupSize: MOST_INVOCATIONS,
    code,
  });
}

/** Gradients of x, kernel and bias by that of the projected inputs. */
export function sharedGradients(dProjected: tf.Tensor2D, { x, kernel }: SequenceInputs) {
  return {
    x: () => tf.reshape(tf.matMul(dProjected, kernel, false, true), x.shape),
    kernel: () => tf.matMul(rowsOf(x), dProjected, true),
    bias: () => tf.sum(dProjected, 0),
  };
}

/** `updateMask`, where training drops part of the update: code for what a unit's update is multiplied by. */
export function updateOf({ updateMask }: SequenceInputs): { ofSequence: Record<string, tf.Tensor2D>; mask: string } {
  if (!updateMask) return { ofSequence: {}, mask: '1.0' };
  return { ofSequence: { updateMask: updateMask as tf.Tensor2D }, mask: 'updateMask(own)' };
}
