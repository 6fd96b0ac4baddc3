// one recording → its emotion: npx tsx examples/node/classify.ts FILE

import { readFile } from 'node:fs/promises';
import { EmotionClassifier } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';
import { useBackend } from './backend.ts';

const file = process.argv[2] ?? new URL('../clips/lively.wav', import.meta.url);
await useBackend('wasm');
const classifier = await EmotionClassifier.load(pretrained);
const result = await classifier.classify(await readFile(file));
if (result.speech) {
  const { label, confidence, sure, scores } = result;
  console.log(`${label}, ${Math.round(100 * confidence)} %${sure === false ? ', not sure' : ''}`);
  console.log(scores.map(({ label, score }) => `${label} ${score.toFixed(3)}`).join('\n'));
} else console.log('no speech');
classifier.dispose();
