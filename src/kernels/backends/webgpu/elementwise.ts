// a formula for one number → the same for all numbers of tensors, in one dispatch

import type * as tf from '@tensorflow/tfjs-core';
import { MOST_INVOCATIONS, runProgram } from '../../tfjs/webgpuProgram.ts';

/** Enough to keep any GPU busy; an invocation takes further numbers where there are more. */
const MOST_WORKGROUPS = 4096;

/**
 * Works a formula out for each number of a tensor, where `onWebgpu()`.
 *
 * @param inputs by their names in the formula, the first of the output's shape
 * @param formula WGSL; `i` is the number's index, `name[i]` an input there
 * @param before WGSL that the formula may refer to, run for each number
 */
export function elementwise<T extends tf.Tensor>(
  inputs: Readonly<Record<string, tf.Tensor>>,
  formula: string,
  before = '',
): T {
  const { size, shape } = Object.values(inputs)[0]!;
  const workgroups = Math.min(MOST_WORKGROUPS, Math.ceil(size / MOST_INVOCATIONS));
  const code = `
    fn main(index : i32) {
      for (var i = index; i < uniforms.size; i += ${MOST_WORKGROUPS * MOST_INVOCATIONS}) {
        ${before}
        result[i] = ${formula};
      }
    }`;
  return runProgram({ inputs, outputShape: shape, workgroups, workgroupSize: MOST_INVOCATIONS, code }) as unknown as T;
}
