// wasm, the built package and the recording of argv → how a timeline of it went: time, memory, turns of the host

import { statSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { EmotionClassifier } from 'speech-emotion';
import { openSound } from 'speech-emotion/node';
import { pretrained } from 'speech-emotion/pretrained';

tf.env().set('PROD', true);
await tf.setBackend('wasm');
const [file] = process.argv.slice(2);
const classifier = await EmotionClassifier.load(pretrained);
const silence = new Float32Array(48_000);
const first = { samples: silence, sampleRate: 16_000 };
await classifier.timeline(first, { vad: false }); // the first result takes a tenth of a second to compile
let longest = 0;
let last = performance.now();
const timer = setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
}, 1);
const start = performance.now();
const segments = await classifier.timeline(await openSound(file));
const ms = performance.now() - start;
clearInterval(timer);
console.log(
  JSON.stringify({
    ms,
    seconds: segments.at(-1).end,
    segments: segments.length,
    bytes: statSync(file).size,
    peakMb: process.resourceUsage().maxRSS / 1024,
    longestTurnMs: longest,
  }),
);
