// a network's variables → their values, and back

import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';

/** Copies of the tensors' values: on the cpu backend `data()` gives the tensor's own array. */
export function valuesOf(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  return Promise.all(tensors.map(async (tensor) => Float32Array.from((await tensor.data()) as Float32Array)));
}

/** The variables' own tensors, which change as the variables do. */
export function tensorsOf(variables: readonly LayerVariable[]): tf.Variable[] {
  return variables.map((variable) => variable.read() as tf.Variable);
}

/** Tensors of the variables' shapes, the caller's to dispose. */
export function toTensors(values: readonly Float32Array[], variables: readonly LayerVariable[]): tf.Tensor[] {
  return values.map((own, i) => tf.keep(tf.tensor(own, variables[i]!.shape as number[])));
}

/** Assigns values to variables exactly: not by `LayerVariable.write`, which would apply constraints. */
export function assign(variables: readonly LayerVariable[], values: readonly tf.Tensor[]): void {
  for (const [i, variable] of tensorsOf(variables).entries()) variable.assign(values[i]!);
}

/** Assigns values from arrays, see {@link assign}. */
export function assignValues(variables: readonly LayerVariable[], values: readonly Float32Array[]): void {
  const tensors = toTensors(values, variables);
  assign(variables, tensors);
  tf.dispose(tensors);
}

/** Whether there is an array of the right size for each variable, with finite numbers only. */
export function areValuesOf(variables: readonly LayerVariable[], values: readonly Float32Array[]): boolean {
  return (
    values.length === variables.length &&
    values.every((own, i) => own.length === sizeOf(variables[i]!) && own.every((value) => Number.isFinite(value)))
  );
}

function sizeOf({ shape }: LayerVariable): number {
  return shape.reduce<number>((size, side) => size * (side ?? 0), 1);
}
