// a clip → how much longer it takes to classify it where speech is asked for

import { EmotionClassifier, type Waveform } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';
import { speech } from '../../bench/clip.ts';
import { useBackend } from '../../examples/node/backend.ts';

const SECONDS = 3;
const ROUNDS = 40;

/** The share that is added, of the fastest of some rounds that alternate. */
export async function costOfDetector(): Promise<{ readonly seconds: number; readonly share: number }> {
  await useBackend('wasm');
  using classifier = await EmotionClassifier.load(pretrained);
  const clip: Waveform = { samples: await speech(SECONDS, 16_000), sampleRate: 16_000 };
  const fastest = { with: Number.POSITIVE_INFINITY, without: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, vad] of [
      ['with', {}],
      ['without', false],
    ] as const) {
      const start = performance.now();
      await classifier.classify(clip, { vad });
      fastest[name] = Math.min(fastest[name], performance.now() - start);
    }
  }
  return { seconds: SECONDS, share: fastest.with / fastest.without - 1 };
}
