// a formula for one number → the same for all numbers of tensors, in one dispatch

import type * as tf from '@tensorflow/tfjs-core';
import { MOST_INVOCATIONS, runProgram, webgpuLimits } from './program.ts';

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
  const most = webgpuLimits()!.maxComputeWorkgroupsPerDimension;
  const workgroups = Math.min(most, Math.ceil(size / MOST_INVOCATIONS));
  const code = `
    fn main(index : i32) {
      let size = uniforms.size;
      for (var i = index; i < size; i += ${workgroups === most ? most * MOST_INVOCATIONS : 'size'}) {
        ${before}
        result[i] = ${formula};
      }
    }`;
  return runProgram({ inputs, outputShape: shape, workgroups, workgroupSize: MOST_INVOCATIONS, code }) as unknown as T;
}
