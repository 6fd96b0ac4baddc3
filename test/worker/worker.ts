// what the browser test's worker runs

import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { serveClassifier } from '../../src/worker/serveClassifier.ts';
import { tinyModel } from '../model/tinyModel.ts';

serveClassifier(async () => {
  await tf.setBackend('cpu');
  return EmotionClassifier.fromModel(tinyModel());
});
