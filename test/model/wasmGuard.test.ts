import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { BackendError } from '../../src/core/errors.ts';
import { hostTensor } from '../../src/kernels/tfjs/hostMemory.ts';
import { wasmBackend } from '../../src/kernels/tfjs/wasmBackend.ts';
import { guardWasm, onBackend } from '../../src/kernels/wasmGuard.ts';
import { fromArtifact, type ModelArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { train } from '../../src/training/train.ts';
import { data, OPTIONS, smallNetwork, trainSmall } from '../acceptance/smallTraining.ts';
import { spoken } from '../support/spoken.ts';
import { tinyModel } from './tinyModel.ts';

const sound = { samples: Float32Array.from({ length: 16_000 }, (_, i) => Math.sin(i ** 2 / 3e6)), sampleRate: 16_000 };
const rejection = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.unreachable('it must reject'),
    (error) => error,
  );
/** A backend that no other test has used, since tests break it. */
async function newWasm(): Promise<void> {
  const factory = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory);
  await tf.setBackend('wasm');
  tf.env().set('PROD', true);
}
/** Has the host refuse the memory more than this, as a phone does long before 4 GiB. */
function limitMemory(megabytes: number): void {
  const memory = wasmBackend()!.wasm.asm.memory!;
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * 2 ** 16 > megabytes * 2 ** 20) throw new RangeError('no more memory');
    return grow(pages);
  };
}
/** Takes what there is, in ever smaller pieces. */
function fillMemory(): tf.Tensor[] {
  const held: tf.Tensor[] = [];
  for (let size = 2 ** 26; size >= 2 ** 8; size /= 2) {
    try {
      for (;;) held.push(hostTensor([size / 4]));
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
    }
  }
  return held;
}

let classifier: EmotionClassifier;
let scores: unknown;
let artifact: ModelArtifact;
const classified = async () => (await classifier.classify(sound, { vad: false })).scores;

beforeEach(async () => {
  await newWasm();
  const model = tinyModel();
  artifact = await toArtifact(model);
  classifier = await EmotionClassifier.load(artifact);
  model.network.dispose();
  scores = await classified();
});
afterEach(() => vi.restoreAllMocks());

it('what the guard uses of tfjs is there', () => {
  const { wasm, dataIdMap } = wasmBackend()!;
  const backend = tf.backend() as unknown as Record<string, unknown>;
  const version = `in tfjs-core ${tf.version_core}`;
  for (const part of [wasm._malloc, wasm._free, wasm.tfjs.disposeData, dataIdMap.get, dataIdMap.has]) {
    expect(part, version).toBeTypeOf('function');
  }
  for (const name of ['read', 'readSync', 'write', 'move', 'disposeData']) {
    expect(backend[name], version).toBeTypeOf('function');
  }
  expect(tf.engine().state.tensorInfo, version).toBeInstanceOf(WeakMap);
  expect(wasm.HEAPU8, version).toBeInstanceOf(Uint8Array);
  expect(wasm.asm?.memory, version).toBeInstanceOf(WebAssembly.Memory);
});

describe('when the memory of wasm is full', () => {
  it('whoever makes a tensor is told, and the numbers in the others stay', () => {
    limitMemory(128);
    const kept = tf.range(0, 1000);
    const held = fillMemory();
    expect(() => tf.zeros([1000, 1000])).toThrow(BackendError);
    expect(() => tf.zeros([1000, 1000])).toThrow(
      /^Cannot take 4\.0 MB more: the memory of TensorFlow\.js' wasm backend is full \(\d+ of at most 4295 MB\)/,
    );
    expect(Array.from(kept.dataSync())).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    tf.dispose([kept, ...held]);
  });

  it('training ends in an error that says so, and classifying after it is right to the bit or says so', async () => {
    const { losses } = await trainSmall({ epochs: 1 });
    limitMemory(128);
    const held = fillMemory();
    const buffers = () => [tf.memory().numTensors, tf.backend().numDataIds()];
    const before = buffers();
    for (let i = 0; i < 3; i++) {
      expect(await rejection(trainSmall({ epochs: 1 }))).toBeInstanceOf(BackendError);
      const after = await classified().catch((error) => error);
      if (!(after instanceof BackendError)) expect(after).toEqual(scores);
    }
    expect(buffers()).toEqual(before);
    tf.dispose(held);
    expect(await classified()).toEqual(scores);
    expect((await trainSmall({ epochs: 1 })).losses).toEqual(losses);
  });

  it('wherever in a training that is, nothing of the library is left behind and nothing else has changed', async () => {
    await newWasm();
    const { wasm } = wasmBackend()!;
    wasm._free(wasm._malloc(1)); // Emscripten's stub gives way to the function
    const malloc = wasm._malloc;
    let left = Number.POSITIVE_INFINITY;
    let count = 0;
    wasm._malloc = (bytes) => {
      count++;
      return --left === 0 ? 0 : malloc(bytes); // beneath the guard, which comes with the first model
    };
    classifier = await EmotionClassifier.load(artifact);
    const buffers = () => [tf.memory().numTensors, tf.backend().numDataIds()];
    let [tensorsBefore, dataIdsBefore] = buffers() as [number, number];
    const trainOnce = async (failing: number) => {
      const network = smallNetwork();
      [left, count] = [failing, 0];
      try {
        return await train(network, data, { ...OPTIONS, epochs: 1 });
      } finally {
        left = Number.POSITIVE_INFINITY;
        network.dispose();
      }
    };
    await trainOnce(Number.POSITIVE_INFINITY);
    const all = count;
    for (let i = 0; i < 24; i++) {
      const failing = 1 + Math.floor(((i + 0.5) / 24) * all);
      expect(await rejection(trainOnce(failing))).toBeInstanceOf(BackendError);
      // One tensor at most, and that by tfjs: where it saves two for the backward pass and finds room for the first only.
      const [tensors, dataIds] = buffers() as [number, number];
      expect(tensors - tensorsBefore, `allocation ${failing} of ${all}`).toBeLessThanOrEqual(1);
      expect(dataIds - dataIdsBefore).toBe(tensors - tensorsBefore);
      [tensorsBefore, dataIdsBefore] = [tensors, dataIds];
      expect(await classified()).toEqual(scores);
    }
  });

  it('a model that does not fit is not called damaged', async () => {
    limitMemory(128);
    const held = fillMemory();
    expect(await rejection(fromArtifact(artifact))).toBeInstanceOf(BackendError);
    tf.dispose(held);
    (await fromArtifact(artifact)).network.dispose();
  });

  it('the answers of a classifier stay right on another backend', async () => {
    limitMemory(128);
    const held = fillMemory();
    await rejection(trainSmall({ epochs: 1 }));
    await tf.setBackend('cpu');
    const onCpu = await classified();
    expect(onCpu).toHaveLength(4);
    for (const [i, { label, score }] of (scores as { label: string; score: number }[]).entries()) {
      expect(onCpu![i]).toEqual({ label, score: expect.closeTo(score, 5) });
    }
    tf.dispose(held);
  });

  it('weights that came from another backend and find no room are not lost', async () => {
    await tf.setBackend('cpu');
    const model = await fromArtifact(await toArtifact(classifier.model));
    const onCpu = await EmotionClassifier.fromModel(model).classify(sound, { vad: false });
    await tf.setBackend('wasm');
    limitMemory(128);
    const held = fillMemory();
    const over = tf.memory().numDataBuffers;
    expect(await rejection(EmotionClassifier.fromModel(model).classify(sound, { vad: false }))).toBeInstanceOf(
      BackendError,
    );
    await tf.setBackend('cpu');
    expect(await EmotionClassifier.fromModel(model).classify(sound, { vad: false })).toEqual(onCpu);
    await tf.setBackend('wasm');
    tf.dispose(held);
    const { scores: found } = spoken(await EmotionClassifier.fromModel(model).classify(sound, { vad: false }));
    expect(found[0]).toEqual({ label: onCpu.label, score: expect.closeTo(onCpu.confidence!, 5) });
    model.network.dispose();
    expect(tf.memory().numDataBuffers).toBe(over - held.length - 4); // a kernel and a bias for each of two layers
  });

  it('at the real limit of 4 GiB, too (memory that nobody writes to takes none)', async () => {
    const held = fillMemory();
    const taken = held.reduce((sum, { size }) => sum + 4 * size, 0);
    expect(taken).toBeGreaterThan(3.5e9);
    expect(() => tf.zeros([2 ** 20])).toThrow(BackendError);
    tf.dispose(held);
    expect(await classified()).toEqual(scores);
  });
});

describe('when wasm has fallen over', () => {
  /** Not provoked by a full memory, which is what the guard prevents. */
  const fall = () => {
    expect(() =>
      onBackend(() => {
        throw new WebAssembly.RuntimeError('memory access out of bounds');
      }),
    ).toThrow(BackendError);
  };

  it('an error within a classification says so', async () => {
    vi.spyOn(tf.engine(), 'runKernel').mockImplementation(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
    const error = await rejection(classified());
    expect(error).toBeInstanceOf(BackendError);
    expect(error.message).toMatch(/^Cannot go on: TensorFlow\.js' wasm backend has fallen over \(unreachable\)/);
    expect(error.cause).toBeInstanceOf(WebAssembly.RuntimeError);
  });

  it('nothing answers from it, on it or on another backend', async () => {
    const network = smallNetwork();
    fall();
    for (const backend of ['wasm', 'cpu']) {
      await tf.setBackend(backend);
      expect(await rejection(classifier.classify(sound, { vad: false }))).toBeInstanceOf(BackendError);
      expect(await rejection(classifier.timeline(sound, { vad: false }))).toBeInstanceOf(BackendError);
      expect(await rejection(classifier.explain(sound))).toBeInstanceOf(BackendError);
      expect(await rejection(toArtifact(classifier.model))).toBeInstanceOf(BackendError);
      expect(await rejection(network.weights[0]!.read().data())).toBeInstanceOf(BackendError);
    }
    network.dispose();
    classifier.dispose();
  });

  it('a backend made anew answers as the first one did', async () => {
    fall();
    classifier.dispose();
    await newWasm();
    classifier = await EmotionClassifier.load(artifact);
    expect(await classified()).toEqual(scores);
  });

  it('other errors are what they were, and leave it standing', async () => {
    const error = new RangeError('of the caller');
    expect(() =>
      onBackend(() => {
        throw error;
      }),
    ).toThrow(error);
    expect(await classified()).toEqual(scores);
    guardWasm();
    expect(await classified()).toEqual(scores);
  });
});
