// an example clip → docs/figures/heardClip.json, what the shipped model hears in it: npx tsx docs/figures/hearClip.ts, after a change of the model

import { readFile, writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { EmotionClassifier, type EmotionSegment } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';

/** A clip of examples/clips over time. */
export interface HeardClip {
  readonly clip: string;
  readonly segments: readonly EmotionSegment[];
}

/** Three sentences in turns. */
const CLIP = 'in-turns';

if (import.meta.filename === process.argv[1]) {
  await tf.setBackend('wasm');
  using classifier = await EmotionClassifier.load(pretrained);
  const bytes = await readFile(new URL(`../../examples/clips/${CLIP}.wav`, import.meta.url));
  const heard: HeardClip = { clip: CLIP, segments: await classifier.timeline(bytes, { hopSeconds: 0.25 }) };
  const fourDigits = (_: string, one: unknown) => (typeof one === 'number' ? Number(one.toFixed(4)) : one);
  await writeFile(new URL('heardClip.json', import.meta.url), `${JSON.stringify(heard, fourDigits, 2)}\n`);
}
