// a test → the same with a classifier of the tiny model

import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';
import { takingAll } from '../support/takingAll.ts';

/** Runs `work` with a classifier of the tiny model, which takes everything for speech; nothing may be left of either. */
export async function withClassifier(work: (classifier: EmotionClassifier) => Promise<void>): Promise<void> {
  await expectNoLeak(async () => {
    const classifier = EmotionClassifier.fromModel(tinyModel());
    try {
      await expectNoLeak(() => work(takingAll(classifier)));
    } finally {
      classifier.dispose();
    }
  });
}
