// tensors → the sum of the squares of all their numbers, in a dispatch for every seven tensors

import * as tf from '@tensorflow/tfjs-core';
import { MOST_INVOCATIONS, runProgram } from '../../tfjs/webgpuProgram.ts';
import { SUM_OVER_WORKGROUP } from './workgroupSum.ts';

/** Tensors that a program reads: WebGPU grants eight storage buffers, one of which is the output. */
const MOST_TENSORS = 7;
/** Workgroups for each tensor. */
const PARTS = 32;

/** To be called within a tidy, where `onWebgpu()`. */
export function webgpuSumOfSquares(tensors: readonly tf.Tensor[]): tf.Scalar {
  const sums: tf.Tensor1D[] = [];
  for (let first = 0; first < tensors.length; first += MOST_TENSORS) {
    sums.push(partialSums(tensors.slice(first, first + MOST_TENSORS)));
  }
  return tf.sum(tf.concat1d(sums));
}

/** One sum for each part of each tensor. */
function partialSums(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  const size = MOST_INVOCATIONS;
  const flat = tensors.map((tensor, t) => [`x${t}`, tf.reshape(tensor, [-1])] as const);
  const code = `
    var<workgroup> sums : array<f32, ${size}>;
    fn main(index : i32) {
      let tensor = i32(workgroupId.x) / ${PARTS};
      let thread = i32(localIndex);
      let start = i32(workgroupId.x) % ${PARTS} * ${size} + thread;
      var sum = 0.0;
      ${flat
        .map(
          ([name], t) => `
      if (tensor == ${t}) {
        for (var i = start; i < uniforms.${name}Shape; i += ${PARTS * size}) { sum += ${name}[i] * ${name}[i]; }
      }`,
        )
        .join('')}
      sums[thread] = sum;
      ${SUM_OVER_WORKGROUP}
      if (thread == 0) { result[workgroupId.x] = sums[0]; }
    }`;
  const workgroups = PARTS * tensors.length;
  return runProgram({
    inputs: Object.fromEntries(flat),
    outputShape: [workgroups],
    workgroups,
    workgroupSize: size,
    code,
  });
}
