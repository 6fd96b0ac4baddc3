// checkpoint, result: paths → a training that can be killed at any moment, as a process of its own
//
// Prints a line for each event; in the end the weights lie in the result's file.

import { writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { train } from 'speech-emotion';
import { fileCheckpoint } from 'speech-emotion/node';
import { SMALL_TRAINING, smallExamples, smallNetwork, weightsOf } from '../smallWork.ts';

const [checkpoint = '', result = ''] = process.argv.slice(2);
tf.env().set('PROD', true); // no banner
await tf.setBackend('cpu');
const network = smallNetwork();
await train(network, smallExamples({ clips: 12, speeds: [1, 1.1] }), {
  ...SMALL_TRAINING,
  epochs: 20,
  learningRate: 0.05,
  augment: { noise: {}, mixup: {} },
  validation: smallExamples({ clips: 6, seed: 2, prefix: 'held', speeds: [1, 1.1] }),
  checkpoint: { store: fileCheckpoint(checkpoint), everyBatches: 1 },
  onProgress: ({ type }) => console.log(type),
});
await writeFile(result, await weightsOf(network));
