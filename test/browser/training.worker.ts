// a worker's name: what is wanted of it → a thread of a training

import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { serveTrainingThread } from '../../src/browser/serveTrainingThread.ts';
import './troubledLayer.ts';

if (self.name === 'throw at once') throw new Error('no module');
serveTrainingThread(async () => {
  setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/');
  if (self.name === 'no wasm') throw new RangeError('no such backend', { cause: new Error('the reason') });
  if (self.name === 'close before') return close();
  while (self.name === 'hang');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', self.name !== 'wasm without threads');
  await tf.setBackend(self.name === 'cpu' ? 'cpu' : 'wasm');
});
