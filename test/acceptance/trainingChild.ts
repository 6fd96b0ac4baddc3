// backend, checkpoint, result: paths → the small training, as a process of its own that can be killed
//
// Prints a line for each event, and ends with the weights in the result's file.

import { writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { fileCheckpoint } from '../../src/node/fileCheckpoint.ts';
import { LONG, trainSmall } from './smallTraining.ts';

const [backend = '', checkpoint = '', result = ''] = process.argv.slice(2);
tf.env().set('PROD', true); // no banner
if (!(await tf.setBackend(backend))) throw new Error(`Cannot train: backend ${backend} does not start`);
const { weights } = await trainSmall({
  ...LONG,
  checkpoint: { store: fileCheckpoint(checkpoint), everyBatches: 1 },
  onProgress: (event) => {
    if (event.type === 'resume') console.log(`resume ${event.epochs} ${event.batches}`);
    else console.log(event.type);
  },
});
await writeFile(result, weights);
