// tensors → typed arrays, without a copy, on the backends that keep tensors in main memory
//
// On `cpu` and `wasm` a plain loop over typed arrays runs at about a nanosecond an element: faster than a chain of
// stock operations, each of which reads and writes everything once more and broadcasts slowly. These functions let a
// kernel write such a loop once for both.

import * as tf from '@tensorflow/tfjs-core';
import { wasmBackend } from './wasmBackend.ts';

interface CpuBackend {
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
  /** On this backend a look-up, not a transfer. */
  readSync(dataId: object): Float32Array;
}

/** Whether the active backend keeps its tensors in main memory, so that `hostTensor` and `hostValues` work. */
export function onHost(): boolean {
  const name = tf.getBackend();
  return name === 'cpu' || name === 'wasm';
}

/** A new float32 tensor on the active host backend. Its values are whatever was in memory: write all of them. */
export function hostTensor<Rank extends tf.Rank>(shape: tf.ShapeMap[Rank]): tf.Tensor<Rank> {
  const wasm = wasmBackend();
  const info = wasm
    ? wasm.makeOutput([...shape], 'float32')
    : cpuBackend().makeTensorInfo([...shape], 'float32', new Float32Array(tf.util.sizeFromShape([...shape])));
  return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor<Rank>;
}

/**
 * The tensors' own memory, not copies. Valid until the next tensor is created (the wasm heap may grow then, which
 * detaches the arrays): create all tensors first, take their values after.
 */
export function hostValues<Tensors extends tf.Tensor[]>(
  ...tensors: Tensors
): { [Index in keyof Tensors]: Float32Array } {
  const wasm = wasmBackend();
  if (wasm) {
    // A tensor that another backend made is moved here at its first look-up, which may grow the heap: look all up first.
    for (const tensor of tensors) wasm.dataIdMap.get(tensor.dataId);
    return tensors.map((tensor) => wasm.typedArrayFromHeap(tensor)) as never;
  }
  const cpu = cpuBackend();
  return tensors.map((tensor) => cpu.readSync(tensor.dataId)) as never;
}

/** The same memory as integers, for arithmetic on the bits of floats. */
export function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

function cpuBackend(): CpuBackend {
  return tf.backend() as unknown as CpuBackend;
}
