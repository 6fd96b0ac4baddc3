import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { conv2d } from '../../../../src/kernels/conv2d.ts';
import { dense } from '../../../../src/kernels/dense.ts';
import { maxBlurPool2d } from '../../../../src/kernels/maxBlurPool2d.ts';
import { memoryOf, wasmBackend } from '../../../../src/kernels/tfjs/wasmBackend.ts';
import { Gru } from '../../../../src/layers/recurrent/gru.ts';
import { STEPS, trainSmall } from '../../../acceptance/smallTraining.ts';
import { take } from '../../../support/arrays.ts';

/*
 * The kernels in the memory of tfjs' build with threads, on a page that is cross-origin isolated. Oracle: the same kernels in the
 * memory of tfjs' build without.
 */

const factory = tf.findBackendFactory('wasm');

beforeAll(() => setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/'));
afterEach(() => tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true));

/** What `work` gives on a build of tfjs' wasm backend. */
async function on<T>(build: 'threaded' | 'single', work: () => Promise<T>): Promise<T> {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', build === 'threaded');
  if (tf.findBackend('wasm')) tf.removeBackend('wasm');
  if (!tf.findBackendFactory('wasm')) tf.registerBackend('wasm', factory, 2);
  expect(await tf.setBackend('wasm')).toBe(true);
  expect(memoryOf(wasmBackend()!).buffer instanceof SharedArrayBuffer).toBe(build === 'threaded');
  return work();
}

async function expectSameBits(work: () => Promise<unknown>): Promise<void> {
  expect(crossOriginIsolated).toBe(true);
  const wanted = await on('single', work);
  expect(await on('threaded', work)).toEqual(wanted);
}

const wave = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(0.7 * i + shape.length)),
    shape,
  );

it('a training ends in the same bits', { timeout: 240_000 }, async () => {
  await expectSameBits(() => trainSmall({ ...STEPS, epochs: 2 }));
});

it('convolutions of many channels and of few, anti-aliased pooling, products and a GRU give the same bits, and gradients', async () => {
  await expectSameBits(async () => {
    const gru = new Gru({ units: 5, seed: 1 });
    const network = (x: tf.Tensor, narrow: tf.Tensor, wide: tf.Tensor, kernel: tf.Tensor) => {
      const attributes = { strides: [1, 1], padding: 'same', rectify: true } as const;
      const first = conv2d(x as tf.Tensor4D, narrow as tf.Tensor4D, undefined, attributes);
      const second = maxBlurPool2d(conv2d(first, wide as tf.Tensor4D, undefined, attributes), [2, 2]);
      const rows = tf.reshape(second, [2, 9, -1]);
      return gru.apply(dense(rows, kernel as tf.Tensor2D, tf.zeros([7]))) as tf.Tensor;
    };
    const inputs = [wave(2, 18, 10, 3), wave(3, 3, 3, 32), wave(3, 3, 32, 32), wave(160, 7)];
    const [y, gradients] = [
      network(inputs[0]!, ...(inputs.slice(1) as [tf.Tensor, tf.Tensor, tf.Tensor])),
      tf.grads(network as never)(inputs),
    ];
    const found = await take(y, ...gradients);
    tf.dispose(inputs);
    gru.dispose();
    expect(found.flatMap((values) => [...values]).every(Number.isFinite)).toBe(true);
    return found;
  });
});
