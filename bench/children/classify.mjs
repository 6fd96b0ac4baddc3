// the root of a package, an encoded file → milliseconds that each of some calls of classify takes, in a program as users have it

import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';

/** Decoders and what is compiled for each kind of file are as fast as they get after some dozens of files. */
const WARM_UPS = 100;
const ROUNDS = 50;

const [root, file] = process.argv.slice(2);
const load = (entry) => import(pathToFileURL(`${root}/dist/${entry}.js`).href);
const { EmotionClassifier } = await load('index');
const { pretrained } = await load('pretrained/index');
await setBackend('wasm');
const classifier = await EmotionClassifier.load(pretrained);
const bytes = await readFile(file);
const times = [];
for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
  const start = performance.now();
  await classifier.classify(bytes);
  times.push(performance.now() - start);
}
console.log(JSON.stringify({ ms: times.slice(WARM_UPS) }));
