// a file of tests → a tiny model, a classifier of one and a remote one, while its tests run

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import type { TrainedModel } from '../../src/model/trainedModel.ts';
import { RemoteClassifier } from '../../src/worker/remoteClassifier.ts';
import { serveClassifier } from '../../src/worker/serveClassifier.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { takingAll } from './takingAll.ts';

/** What there is from `beforeAll` to `afterAll`, on the cpu backend; everything is taken for speech. */
export interface Tiny {
  readonly model: TrainedModel;
  readonly classifier: EmotionClassifier;
  /** Its classifier is at the other end of a channel. */
  readonly remote: RemoteClassifier;
}

/** To be called where the tests of a file are declared. */
export function tinyClassifier(): Tiny {
  const tiny = {} as { -readonly [Part in keyof Tiny]: Tiny[Part] };
  beforeAll(async () => {
    await tf.setBackend('cpu');
    tiny.model = tinyModel();
    tiny.classifier = takingAll(EmotionClassifier.fromModel(tinyModel()));
    const { port1, port2 } = new MessageChannel();
    serveClassifier(async () => EmotionClassifier.fromModel(tinyModel()), port1);
    tiny.remote = takingAll(await RemoteClassifier.connect(port2));
  });
  afterAll(() => {
    tiny.remote.dispose();
    tiny.classifier.dispose();
    tiny.model.network.dispose();
  });
  return tiny;
}
