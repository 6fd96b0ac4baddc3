// the page's choice → a classifier in this worker

import { EmotionClassifier, type ModelSource } from 'speech-emotion';
import { serveClassifier } from 'speech-emotion/worker';
import { startBackend } from './backends.ts';
import { type Choice, NO_MODEL, SHIPPED } from './choice.ts';

serveClassifier(async () => {
  const { backend, model }: Choice = JSON.parse(self.name);
  await startBackend(backend);
  const classifier = await load(model);
  // Some backends fail, and all are slowest, at the first clip: better now than at the user's.
  await classifier.classify({ samples: new Float32Array(16_000), sampleRate: 16_000 });
  return classifier;
});

/** @throws {Error} named `NoModel` if another backend would not help */
async function load(model: string): Promise<EmotionClassifier> {
  try {
    return await EmotionClassifier.load(await sourceOf(model));
  } catch (cause) {
    const { message } = cause as Error;
    throw Object.assign(new Error(message, { cause }), { name: NO_MODEL });
  }
}

async function sourceOf(model: string): Promise<ModelSource> {
  if (model === SHIPPED) return (await import('speech-emotion/pretrained')).pretrained;
  return (await import('speech-emotion/browser')).modelStorage(model);
}
