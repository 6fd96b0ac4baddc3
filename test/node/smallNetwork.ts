// seed → a network that is quick to train: a module as worker threads load it

import { parentPort } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildCnnLstm } from 'speech-emotion';

/** What the tests want of a thread. */
export interface Parameters {
  readonly backend: string;
  /** What goes wrong, and with which seed. */
  readonly trouble?: {
    readonly seed: number;
    readonly kind: 'throw' | 'exit' | 'uncaught' | 'not finite' | 'hang' | 'other' | 'foreign';
  };
}

/** For the clips of `synthetic`. */
export function smallNetwork(seed: number, filters = 4): LayersModel {
  const size = { frames: 12, bins: 8, classes: 3, recurrent: { units: 3 } };
  return buildCnnLstm({ ...size, convolution: [{ filters, kernelSize: [3, 3], pool: [2, 2] }], seed });
}

export async function build(seed: number, { backend, trouble }: Parameters): Promise<LayersModel> {
  tf.env().set('PROD', true); // no banner
  await tf.setBackend(backend);
  if (trouble?.seed !== seed) return smallNetwork(seed);
  switch (trouble.kind) {
    case 'throw':
      throw new RangeError('no such network', { cause: new Error('the reason') });
    case 'exit':
      return process.exit(7);
    case 'uncaught':
      void Promise.reject(new Error('nobody awaits this'));
      return new Promise(() => {});
    case 'not finite': {
      const network = smallNetwork(seed);
      tf.tidy(() => network.setWeights(network.getWeights().map((weight) => tf.fill(weight.shape, Number.NaN))));
      return network;
    }
    case 'hang':
      for (;;);
    case 'other':
      return smallNetwork(seed, 5);
    case 'foreign':
      for (const message of ['hello', null, 3, { value: 'nothing' }, { error: {} }]) parentPort?.postMessage(message);
      return smallNetwork(seed);
  }
}
