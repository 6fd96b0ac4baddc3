import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test, vi } from 'vitest';
import { BackendError } from '../../../src/core/errors.ts';
import { memoryOf, wasmBackend } from '../../../src/kernels/tfjs/wasmBackend.ts';
import { onWebgpu, runProgram, webgpuLimits } from '../../../src/kernels/tfjs/webgpuProgram.ts';
import { take } from '../../support/arrays.ts';
import { describeBackends } from '../../support/backends.ts';

afterEach(() => vi.restoreAllMocks());

/** Has `work` see another backend than the active one, of the same name. */
function onOther(backend: object, work: () => unknown): () => unknown {
  return () => {
    vi.spyOn(tf.engine(), 'backend', 'get').mockReturnValue(backend as never);
    return work();
  };
}

/** The same object without one of its fields; whatever else is looked up is there. */
function without(object: object, field: string): object {
  return new Proxy(object, { get: (own, name) => (name === field ? undefined : Reflect.get(own, name)) });
}

const messageOf = (field: string) =>
  new RegExp(`Cannot work with TensorFlow.js ${tf.version_core}: it has no ${field.replaceAll('.', '\\.')} in its `);

await describeBackends(['wasm'], 'private fields of tfjs', () => {
  test('this version has those of the wasm backend', () => {
    const backend = wasmBackend()!;
    expect(memoryOf(backend)).toBeInstanceOf(WebAssembly.Memory);
    const x = tf.tensor1d([1, 2, 3]);
    const { memoryOffset } = backend.dataIdMap.get(x.dataId);
    expect([...new Float32Array(memoryOf(backend)!.buffer, memoryOffset, 3)]).toEqual([1, 2, 3]);
    x.dispose();
  });

  test.each(['dataIdMap', 'makeOutput', 'typedArrayFromHeap', 'write', 'move'])(
    'a version without %s gets an error that names it',
    (field) => {
      const use = onOther(without(wasmBackend()!, field), wasmBackend);
      expect(use).toThrow(BackendError);
      expect(use).toThrow(messageOf(field === 'dataIdMap' ? 'dataIdMap.get' : field));
    },
  );

  test.each(['asm', 'HEAPU8', '_malloc', '_free'])('a version without wasm.%s gets an error that names it', (field) => {
    const backend = wasmBackend()!;
    const other = { ...without({}, ''), wasm: without(backend.wasm, field) };
    const use = onOther(
      new Proxy(backend, { get: (own, name) => Reflect.get(name === 'wasm' ? other : own, name) }),
      wasmBackend,
    );
    expect(use).toThrow(messageOf(`wasm.${field}`));
  });

  test('a version whose memory is elsewhere gets an error, in the build whose memory is shared, too', () => {
    const { wasm } = wasmBackend()!;
    const moved = { wasm: { HEAPU8: wasm.HEAPU8, asm: {} } } as never;
    expect(() => memoryOf(moved)).toThrow(messageOf('wasm.asm.memory'));
    const wasmMemory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const shared = { HEAPU8: new Uint8Array(wasmMemory.buffer), asm: {} };
    expect(() => memoryOf({ wasm: shared } as never)).toThrow(messageOf('wasm.wasmMemory'));
    expect(memoryOf({ wasm: { ...shared, wasmMemory } } as never)).toBe(wasmMemory);
  });
});

await describeBackends(['webgpu'], 'private fields of tfjs', () => {
  test('this version has those of the webgpu backend', async () => {
    expect(webgpuLimits()!.maxComputeWorkgroupStorageSize).toBeGreaterThanOrEqual(16384);
    const x = tf.tensor1d([1, 2, 3]);
    const code = 'fn main(index : i32) { if (index < uniforms.size) { result[index] = 2.0 * x[index]; } }';
    const [doubled] = await take(
      runProgram({ inputs: { x }, outputShape: [3], workgroups: 1, workgroupSize: 32, code }),
    );
    expect([...doubled!]).toEqual([2, 4, 6]);
    x.dispose();
  });

  test.each([
    ['runWebGPUProgram', 'runWebGPUProgram'],
    ['device', 'device.limits'],
  ])('a version without %s gets an error that names it', (field, named) => {
    expect(onOther(without(tf.backend(), field), onWebgpu)).toThrow(messageOf(named));
  });
});

await describeBackends(['cpu'], 'private fields of tfjs', () => {
  test('other backends need none', () => {
    expect(wasmBackend()).toBeUndefined();
    expect(onWebgpu()).toBe(false);
  });
});
