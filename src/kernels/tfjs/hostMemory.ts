// tensors → typed arrays, without a copy, on the backends that keep tensors in main memory
//
// On `cpu` and `wasm` a plain loop over typed arrays runs at about a nanosecond an element: faster than a chain of
// stock operations, each of which reads and writes everything once more and broadcasts slowly. These functions let a
// kernel write such a loop once for both. On every other backend `onHost()` is false and the caller composes tf operations.

import * as tf from '@tensorflow/tfjs-core';

interface CpuBackend {
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
  /** On this backend a look-up, not a transfer. */
  readSync(dataId: object): Float32Array;
}

interface WasmBackend {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
  readonly dataIdMap: { get(dataId: object): unknown };
}

/** Whether the active backend keeps its tensors in main memory, so that `hostTensor` and `hostValues` work. */
export function onHost(): boolean {
  const name = tf.getBackend();
  return name === 'cpu' || name === 'wasm';
}

/** A new float32 tensor on the active host backend. Its values are whatever was in memory: write all of them. */
export function hostTensor<Rank extends tf.Rank>(shape: tf.ShapeMap[Rank]): tf.Tensor<Rank> {
  const backend: unknown = tf.backend();
  const info = isWasm(backend)
    ? backend.makeOutput([...shape], 'float32')
    : (backend as CpuBackend).makeTensorInfo(
        [...shape],
        'float32',
        new Float32Array(tf.util.sizeFromShape([...shape])),
      );
  return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor<Rank>;
}

/**
 * The tensors' own memory, not copies. Valid until the next tensor is created (the wasm heap may grow then, which
 * detaches the arrays): create all tensors first, take their values after.
 */
export function hostValues<Tensors extends tf.Tensor[]>(
  ...tensors: Tensors
): { [Index in keyof Tensors]: Float32Array } {
  const backend: unknown = tf.backend();
  if (isWasm(backend)) {
    // A tensor that another backend made is moved here at its first look-up, which may grow the heap: look all up first.
    for (const tensor of tensors) backend.dataIdMap.get(tensor.dataId);
    return tensors.map((tensor) => backend.typedArrayFromHeap(tensor)) as never;
  }
  return tensors.map((tensor) => (backend as CpuBackend).readSync(tensor.dataId)) as never;
}

/** The same memory as integers, for arithmetic on the bits of floats. */
export function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

function isWasm(backend: unknown): backend is WasmBackend {
  return typeof (backend as Partial<WasmBackend>).typedArrayFromHeap === 'function';
}
