// store, result: paths → a cross-validation that can be killed at any moment, as a process of its own
//
// Prints a line for each event; in the end the result lies in its file, as JSON.

import { writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { crossValidate } from 'speech-emotion';
import { fileCheckpoint } from 'speech-emotion/node';
import { SMALL_TRAINING, smallExamples, smallFolds, smallNetwork } from '../smallWork.ts';

const [store = '', result = ''] = process.argv.slice(2);
tf.env().set('PROD', true); // no banner
await tf.setBackend('cpu');
const data = smallExamples({ clips: 18 });
const validated = await crossValidate(data, smallFolds(data), {
  build: (seed) => smallNetwork(seed),
  train: { ...SMALL_TRAINING, epochs: 3 },
  seeds: [1, 2, 3],
  bootstrap: { resamples: 20 },
  store: fileCheckpoint(store),
  onProgress: ({ type }) => console.log(type),
});
await writeFile(result, JSON.stringify(validated));
