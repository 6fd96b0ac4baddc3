// a thread of a training in a page, on wasm

import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, setBackend } from '@tensorflow/tfjs-core';
import { serveTrainingThread } from 'speech-emotion/browser/training';

serveTrainingThread(() => {
  setWasmPaths(new URL('../wasm/', self.location.href).href); // this file lies among the page's assets
  if (self.name === 'two, tfjs in one') env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  return setBackend('wasm');
});
