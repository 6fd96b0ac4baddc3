// hours → memory after the first and after the last of them: a stream of so many hours of sound, in a process of its own
//
// What is heard is silence with a word now and then, at a rate and with hops that make a day pass in a minute or two; what keeps
// memory in a stream (windows, gate, smoothing, features, the monitor that follows it) does so by segments, of which a day has 86 400.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { EmotionClassifier, EmotionMonitor, FeatureExtractor } from 'speech-emotion';
import { LABELS, smallSettings } from '../smallWork.ts';

const RATE = 2000;
const hours = Number(process.argv[2] ?? 24);
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are held, once what is not has been collected. */
async function held(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const second = Float32Array.from({ length: RATE }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 200 * i) / RATE));
const silence = second.map((sample) => sample / 1e5);
const memory: number[] = [];

/** Looks after the first hour and after the last, while the stream and what follows it are alive. */
async function* sound(hours: number, look = async () => {}): AsyncGenerator<Float32Array> {
  for (let at = 0; at < 3600 * hours; at++) {
    yield at % 20 === 0 ? second : silence;
    if (at === 3599) await look();
  }
  await look();
}

tf.env().set('PROD', true);
await tf.setBackend('cpu');
const features = new FeatureExtractor({
  sampleRate: RATE,
  features: { type: 'logMel', melBands: 8, frameLength: 256, hopLength: 200, fftLength: 256, maxHz: 1000 },
});
const network = sequential({
  layers: [
    layers.globalAveragePooling2d({ inputShape: [null, 8, 1] }),
    layers.dense({ units: LABELS.length, activation: 'softmax' }),
  ],
});
const settings = smallSettings({ features: features.options });
const classifier = EmotionClassifier.fromModel({ network, settings });
const options = { sampleRate: RATE, hopSeconds: 1, windowSeconds: 1, whenBehind: 'wait', smoothing: {} } as const;

/** How many segments there were. */
async function listen(source: AsyncIterable<Float32Array>): Promise<number> {
  const monitor = new EmotionMonitor();
  let segments = 0;
  for await (const segment of classifier.stream(source, options)) {
    monitor.observe(segment);
    segments++;
  }
  if (monitor.summary().seconds === 0) throw new Error('Cannot measure: the monitor heard nothing');
  return segments;
}

// A stream before, of some hours: what the engine keeps of code that it compiles later than in the first hour is none of the stream's.
await listen(sound(6));
const note = async () => {
  memory.push(await held());
};
const segments = await listen(sound(hours, note));
console.log(JSON.stringify({ hours, segments, first: memory[0], last: memory[1] }));
