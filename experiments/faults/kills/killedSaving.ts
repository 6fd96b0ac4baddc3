// folder: path → two models saved over each other without end, as a process that can be killed at any moment
//
// Prints a line for each that is saved.

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { saveModel } from 'speech-emotion';
import { modelDirectory } from 'speech-emotion/node';
import { smallModel } from '../smallWork.ts';

const [folder = ''] = process.argv.slice(2);
tf.env().set('PROD', true); // no banner
await tf.setBackend('cpu');
const models = [smallModel(1), smallModel(2)];
console.log('ready');
for (let i = 1; ; i++) {
  await saveModel(models[i % 2]!, modelDirectory(folder));
  console.log(`saved ${i}`);
}
