// tfjs' wasm backend → the private fields of it that this library needs
//
// The one place that says what they are: the module that Emscripten made for the backend, its memory, and where tensors lie in it.

import * as tf from '@tensorflow/tfjs-core';
import { missingField } from './privateField.ts';

/** What is used of tfjs' WasmBackend. */
export interface WasmBackend {
  /** The module; `asm` is what the WebAssembly exports. Its memory is one of these, or else `wasmMemory`, shared between threads. */
  readonly wasm: {
    readonly asm: { readonly memory?: WebAssembly.Memory | undefined };
    readonly wasmMemory?: WebAssembly.Memory | undefined;
    readonly HEAPU8: Uint8Array;
    readonly tfjs: { disposeData(id: number): void };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number }; has(dataId: object): boolean };
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
  write(values: tf.backend_util.BackendValues | null, ...others: [number[], tf.DataType]): object;
  disposeData(dataId: object, force: boolean): boolean;
  move(dataId: object, values: tf.backend_util.BackendValues, ...others: [number[], tf.DataType, number]): void;
}

/**
 * The active backend where it is `wasm`; undefined otherwise.
 *
 * @throws {BackendError} where this version of tfjs has its private fields elsewhere
 */
export function wasmBackend(): WasmBackend | undefined {
  if (tf.getBackend() !== 'wasm') return undefined;
  const backend: unknown = tf.backend();
  if (!known.has(backend as WasmBackend)) known.add(checked(backend as WasmBackend));
  return backend as WasmBackend;
}

const known = new WeakSet<WasmBackend>();

/**
 * The memory of the module, which other WebAssembly may import.
 *
 * @throws {BackendError} where this version of tfjs has it elsewhere
 */
export function memoryOf({ wasm }: WasmBackend): WebAssembly.Memory {
  const memory = wasm.asm.memory ?? wasm.wasmMemory;
  if (memory) return memory;
  const field = wasm.HEAPU8.buffer instanceof ArrayBuffer ? 'wasm.asm.memory' : 'wasm.wasmMemory';
  throw missingField(`${field} in its wasm backend`);
}

const METHODS = ['makeOutput', 'typedArrayFromHeap', 'read', 'readSync', 'write', 'disposeData', 'move'] as const;

function checked(backend: WasmBackend): WasmBackend {
  const { wasm, dataIdMap } = backend as Partial<WasmBackend>;
  const found: Record<string, boolean> = {
    'wasm.asm': typeof wasm?.asm === 'object',
    'wasm.HEAPU8': wasm?.HEAPU8 instanceof Uint8Array,
    'wasm.tfjs.disposeData': typeof wasm?.tfjs?.disposeData === 'function',
    'wasm._malloc': typeof wasm?._malloc === 'function',
    'wasm._free': typeof wasm?._free === 'function',
    'dataIdMap.get': typeof dataIdMap?.get === 'function',
    'dataIdMap.has': typeof dataIdMap?.has === 'function',
    ...Object.fromEntries(METHODS.map((method) => [method, typeof backend[method] === 'function'])),
  };
  const missing = Object.keys(found).find((field) => !found[field]);
  if (missing) throw missingField(`${missing} in its wasm backend`);
  return backend;
}
