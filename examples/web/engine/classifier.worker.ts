// the page's choice → a classifier in this worker

import { EmotionClassifier } from 'speech-emotion';
import { serveClassifier } from 'speech-emotion/worker';
import { startBackend } from './backends.ts';
import { type Choice, SHIPPED } from './choice.ts';

serveClassifier(async () => {
  const { backend, model }: Choice = JSON.parse(self.name);
  await startBackend(backend);
  const classifier = await load(model);
  // Some backends fail, and all take longest, at the first clip: better now than at the user's.
  await classifier.classify({ samples: new Float32Array(16_000), sampleRate: 16_000 });
  return classifier;
});

async function load(model: string): Promise<EmotionClassifier> {
  if (model === SHIPPED) {
    const { pretrained } = await import('speech-emotion/pretrained');
    return EmotionClassifier.load(pretrained);
  }
  const { modelStorage } = await import('speech-emotion/browser');
  return EmotionClassifier.load(modelStorage(model));
}
