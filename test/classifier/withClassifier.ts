// a test → the same with a classifier of the tiny model

import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';

/** Runs `work` with a classifier of the tiny model; nothing may be left of either. */
export async function withClassifier(work: (classifier: EmotionClassifier) => Promise<void>): Promise<void> {
  await expectNoLeak(async () => {
    const classifier = EmotionClassifier.fromModel(tinyModel());
    try {
      await expectNoLeak(() => work(classifier));
    } finally {
      classifier.dispose();
    }
  });
}
