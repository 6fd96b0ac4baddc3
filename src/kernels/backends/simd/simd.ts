// the active backend → SIMD kernels that work in its memory, where it is `wasm`
//
// tfjs' wasm backend keeps tensors in a WebAssembly memory. A second module, compiled from /assembly, imports that memory, so
// its functions take tensors by their addresses: nothing is copied, and no kernel of the backend is replaced. On cross-origin isolated
// pages tfjs runs a build of its own whose memory is shared between its threads; the kernels work in that as well.

import type * as tf from '@tensorflow/tfjs-core';
import { instantiate } from '../../../core/instantiate.ts';
import { memoryOf, type WasmBackend, wasmBackend } from '../../tfjs/wasmBackend.ts';
import plain from './plain.wasm.ts';
import relaxed from './relaxed.wasm.ts';

/** What the module exports; the parameters stand in /assembly. */
type Export =
  | 'batchNormBackward'
  | 'batchNormBackwardSums'
  | 'batchNormForward'
  | 'batchNormSums'
  | 'conv2d'
  | 'conv2dFilterGradient'
  | 'conv2dFilterGradientScratch'
  | 'conv2dScratch'
  | 'gruBackward'
  | 'gruForward'
  | 'gruScratch'
  | 'lstmBackward'
  | 'lstmForward'
  | 'lstmScratch'
  | 'maxBlurPool2dBackward'
  | 'maxBlurPool2dForward'
  | 'maxBlurPool2dScratch'
  | 'maxPool2dBackward'
  | 'maxPool2dForward'
  | 'multiply'
  | 'multiplyScratch'
  | 'winogradConv2d'
  | 'winogradFilterGradient'
  | 'winogradScratch';

/** A number is an address, a size or a factor; a boolean is 0 or 1. */
type Argument = number | boolean;

/** The SIMD kernels of one wasm backend. */
export interface Simd {
  /** The module's functions. */
  readonly run: Readonly<Record<Export, (...parameters: Argument[]) => number>>;
  /** Where a tensor's values lie in the memory. */
  at(tensor: tf.Tensor): number;
  /** The memory from an address on, as numbers: valid until it grows. */
  view<T>(kind: new (buffer: ArrayBufferLike, address: number, count: number) => T, address: number, count: number): T;
  /** Lends `bytes` of the memory for as long as `work` runs. */
  withScratch<T>(bytes: number, work: (address: number) => T): T;
}

/**
 * The SIMD kernels in the memory of the active backend. Undefined where that is not `wasm`, and in an engine without
 * SIMD.
 */
export function simd(): Simd | undefined {
  const backend = wasmBackend();
  if (!backend) return undefined;
  const memory = memoryOf(backend);
  if (!known.has(memory)) known.set(memory, open(backend, memory));
  return known.get(memory);
}

const known = new WeakMap<WebAssembly.Memory, Simd | undefined>();

function open({ wasm, dataIdMap }: WasmBackend, memory: WebAssembly.Memory): Simd | undefined {
  // Fused multiply-add, where the engine has it (V8 from 11.4, so Node from 22): four tenths faster.
  const bytes = WebAssembly.validate(relaxed) ? relaxed : plain;
  const run = instantiate<Simd['run']>(bytes, memory);
  if (!run) return undefined;
  return {
    run,
    at: (tensor) => dataIdMap.get(tensor.dataId).memoryOffset,
    view: (kind, address, count) => new kind(memory.buffer, address, count),
    withScratch(bytes, work) {
      const address = wasm._malloc(bytes);
      if (address === 0) throw new Error(`Cannot run a wasm kernel: no memory for ${bytes} bytes of scratch`);
      try {
        return work(address);
      } finally {
        wasm._free(address);
      }
    },
  };
}
