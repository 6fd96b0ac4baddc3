import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { pretrained } from '../../src/pretrained/index.ts';

beforeAll(async () => expect(await tf.setBackend('wasm')).toBe(true));
afterAll(() => tf.removeBackend('wasm'));

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** What is held, by tfjs and by the process, once what nobody refers to is gone. */
function held() {
  collect();
  const { numTensors, numBytes, numDataBuffers } = tf.memory();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    tensors: { numTensors, numBytes, numDataBuffers, onBackend: tf.engine().backend.numDataIds() },
    rss,
    heapUsed,
  };
}

/*
 * Oracle: the process's own memory. Kept, the least that a classification makes would come to 36 MB over a thousand: the
 * window that goes through the network, 112 frames of 80 bins in float32, on the heap of WebAssembly. The decoded clip
 * would be more. What was seen is 0.3 MB; the bound leaves room for what an allocator does not give back.
 */
it('1000 classifications of a clip with the shipped model leave memory as it was', { timeout: 600_000 }, async () => {
  using classifier = await EmotionClassifier.load(pretrained);
  const bytes = new Uint8Array(await readFile(new URL('../../examples/clips/slow.wav', import.meta.url)));
  for (let i = 0; i < 200; i++) await classifier.classify(bytes); // until compilers and allocators have what they need
  const before = held();
  for (let i = 0; i < 1000; i++) await classifier.classify(bytes);
  const after = held();
  expect(after.tensors).toEqual(before.tensors);
  expect((after.rss - before.rss) / 1e6, 'growth of the process in MB').toBeLessThan(12);
  expect((after.heapUsed - before.heapUsed) / 1e6, 'growth of JavaScript’s heap in MB').toBeLessThan(2);
});
