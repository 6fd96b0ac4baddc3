// calls → the longest waits of a timer of 1 ms while a loop classifies, and while nothing happens: in a process of its own

import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { type AudioInput, EmotionClassifier } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';
import { smallSound } from '../smallWork.ts';

const calls = Number(process.argv[2] ?? 200);

/** Waits beyond what was due, in milliseconds. */
interface Waits {
  readonly longest: number;
  /** The most that this process itself computed during one wait: what other processes took is not in it. */
  readonly own: number;
  /** 99.9 of 100 waits are no longer. */
  readonly perMille: number;
  /** How often the timer had its turn. */
  readonly ticks: number;
}

async function waitsDuring(work: () => Promise<void>): Promise<Waits> {
  const gaps: number[] = [];
  let own = 0;
  let last = performance.now();
  let computed = process.cpuUsage();
  const tick = () => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(computed);
    gaps.push(Math.max(0, now - last - 1));
    own = Math.max(own, Math.min(now - last - 1, (user + system) / 1000));
    last = now;
    computed = process.cpuUsage();
  };
  const timer = setInterval(tick, 1);
  await work();
  clearInterval(timer);
  tick(); // a timer that never had its turn waited, too
  gaps.sort((a, b) => a - b);
  const perMille = gaps[Math.ceil(0.999 * gaps.length) - 1]!;
  return { longest: gaps.at(-1)!, own, perMille, ticks: gaps.length - 1 };
}

tf.env().set('PROD', true);
if (!(await tf.setBackend('wasm'))) throw new Error('Cannot measure: the wasm backend does not start');
const classifier = await EmotionClassifier.load(pretrained);
const mp3 = new Uint8Array(await readFile(new URL('../../../test/fixtures/audio/speech.mp3', import.meta.url)));
const inputs: Record<string, AudioInput> = { 'samples of 3 s': smallSound(3, 44_100), mp3 };
const loop = async (input: AudioInput, times: number) => {
  for (let i = 0; i < times; i++) await classifier.classify(input, { vad: false });
};
const measured: Record<string, Waits> = {};
let busy = 0;
for (const [name, input] of Object.entries(inputs)) {
  await loop(input, 15); // compiled, and its memory in place
  const start = performance.now();
  measured[name] = await waitsDuring(() => loop(input, calls));
  busy += performance.now() - start;
}
// The machine's own: other processes, and this one's collector.
measured.nothing = await waitsDuring(() => new Promise((resolve) => setTimeout(resolve, Math.min(busy, 20_000))));
console.log(JSON.stringify({ calls, waits: measured }));
classifier.dispose();
