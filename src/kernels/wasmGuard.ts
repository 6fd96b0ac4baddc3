// tfjs' wasm backend → one that throws when its memory is full, and gives no results after it has fallen over
//
// Its memory holds 4 GiB at most, less where the host has less. When that is full, its `malloc` gives address 0, at which tfjs
// goes on to write and read: other tensors' values change, and what then comes out looks like an answer. And what WebAssembly
// traps in, or aborts, leaves the memory as it was at that moment.

import * as tf from '@tensorflow/tfjs-core';
import { BackendError } from '../core/errors.ts';
import { type WasmBackend, wasmBackend } from './tfjs/wasmBackend.ts';

/**
 * What stays free, in one piece: the backend's own kernels take memory, too, and nothing checks whether they get it.
 * Packed weights of a layer are the largest of these.
 */
const RESERVE = 2 ** 25;

const guarded = new WeakSet<WasmBackend>();

/** Has the active backend check its memory, where it is `wasm`: making a tensor throws where there is no room for it. */
export function guardWasm(): void {
  const backend = wasmBackend();
  if (!backend || guarded.has(backend)) return;
  guarded.add(backend);
  guardMalloc(backend.wasm);
  dropUnclaimed(backend);
  keepMoved(backend);
}

function guardMalloc(wasm: WasmBackend['wasm']): void {
  wasm._free(wasm._malloc(1)); // Emscripten puts the real functions in place at their first calls
  const { _malloc: malloc, _free: free } = wasm;
  wasm._malloc = (bytes) => {
    const address = malloc(bytes) >>> 0;
    const reserve = address === 0 ? 0 : malloc(RESERVE);
    if (reserve !== 0) free(reserve);
    else if (address !== 0) free(address);
    if (reserve !== 0) return address;
    const full = `the memory of TensorFlow.js' wasm backend is full (${megabytes(wasm.HEAPU8.length)} of at most 4295 MB)`;
    throw new BackendError(
      `Cannot take ${megabytes(bytes)} MB more: ${full}. Smaller batches and shorter windows need less; tensors that nobody ` +
        'disposed of keep theirs',
    );
  };
}

/** Frees what a kernel had made when it found no room for the next: it is no tensor yet, so nothing else would. */
function dropUnclaimed(backend: WasmBackend): void {
  const { write } = backend;
  const { tensorInfo } = tf.engine().state;
  const isUnclaimed = (dataId: object) => !tensorInfo.has(dataId) && backend.dataIdMap.has(dataId);
  let latest: object[] = [];
  backend.write = (...parameters) => {
    try {
      const dataId = write.apply(backend, parameters);
      if (latest.length > 100) latest = latest.filter(isUnclaimed);
      latest.push(dataId);
      return dataId;
    } catch (error) {
      for (const dataId of latest.filter(isUnclaimed)) backend.disposeData(dataId, true);
      latest = [];
      throw error;
    }
  };
}

/** Keeps what is moved from another backend, which tfjs has taken it from by then, and finds no room. */
function keepMoved(backend: WasmBackend): void {
  const { move } = backend;
  backend.move = (dataId, values, ...others) => {
    try {
      move.call(backend, dataId, values, ...others);
    } catch (error) {
      const info = tf.engine().state.tensorInfo.get(dataId);
      if (info) info.backend = new Values(values, others[2]);
      throw error;
    }
  };
}

/** Where the values of one tensor wait that came from another backend, has left it, and found no room on wasm. */
class Values extends tf.KernelBackend {
  readonly #values: tf.backend_util.BackendValues;
  #references: number;

  constructor(values: tf.backend_util.BackendValues, references: number) {
    super();
    this.#values = values;
    this.#references = references;
  }

  override readSync(): tf.backend_util.BackendValues {
    return this.#values;
  }

  override async read(): Promise<tf.backend_util.BackendValues> {
    return this.#values;
  }

  override refCount(): number {
    return this.#references;
  }

  override disposeData(_dataId: object, force = false): boolean {
    this.#references--;
    return force || this.#references <= 0;
  }
}

/** What work on the active backend gives, or {@link backendFault} of what it ends in. */
export function onBackend<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw backendFault(error);
  }
}

/**
 * What to throw in place of an error that work on the backend ended in. Where it shows that the wasm backend has fallen over, so
 * does what is thrown, and so does from then on whatever needs that backend or one of its tensors.
 */
export function backendFault(error: unknown): unknown {
  const backend = tf.getBackend() ? wasmBackend() : undefined;
  if (!backend || (error as Error | undefined)?.name !== 'RuntimeError') return error;
  const { wasm } = backend;
  const fallen = () =>
    new BackendError(
      `Cannot go on: TensorFlow.js' wasm backend has fallen over (${(error as Error).message}), as it does when its memory is ` +
        'full. Its tensors are lost, and the models made of them: load them again in another process or worker, or after ' +
        'tf.removeBackend and tf.registerBackend',
      { cause: error },
    );
  const refuse = () => {
    throw fallen();
  };
  Object.assign(backend, { readSync: refuse, read: async () => refuse() });
  // What is disposed of is not freed: that, too, would read what may be nonsense.
  Object.assign(wasm, { _malloc: refuse, _free: () => {} });
  wasm.tfjs.disposeData = () => {};
  return fallen();
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
