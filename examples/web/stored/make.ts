// the example clips, the shipped model, docs/results → what the page shows before any model is loaded: results, pictures, figures
//
// npx tsx examples/web/stored/make.ts, after a change of the model, of its results, of the clips or of the pictures.

import { readFile, writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { EmotionClassifier } from 'speech-emotion';
import { toWaveform } from 'speech-emotion/features';
import { pretrained } from 'speech-emotion/pretrained';
import { evened, layoutOf, melColumns } from '../pictures/melPicture.ts';
import { HOP_SECONDS, WINDOW_SECONDS } from '../state/windows.ts';
import type { About } from './about.ts';
import { makeAbout } from './makeAbout.ts';
import type { Shipped, StoredExample } from './shipped.ts';

/** Clips of examples/clips, and what is said in them: examples/clips/make.sh. */
const CLIPS = [
  {
    ...{ id: 'in-turns', name: 'At the bus stop' },
    said: ['There is no bus tonight.', 'Wait, there it is, I can see it!', 'No, it was only a car.'],
  },
  { id: 'lively', name: 'Look, it’s here!', said: ['Look, the bus is already here!'] },
  { id: 'loud', name: 'I told you to wait', said: ['I told you to wait for the bus!'] },
  { id: 'slow', name: 'The bus has left', said: ['The bus has left.'] },
  { id: 'flat', name: 'From the other stop', said: ['The bus leaves from the other stop.'] },
] as const;

/** What is stored, and the picture of each clip: first those that the model is sure of, longer ones before shorter ones. */
export async function makeShipped(): Promise<{
  shipped: Shipped;
  about: About;
  levels: ReadonlyMap<string, Uint8Array>;
}> {
  await tf.setBackend('cpu');
  using classifier = await EmotionClassifier.load(pretrained);
  const made: { example: StoredExample; levels: Uint8Array }[] = [];
  for (const { id, name, said } of CLIPS) {
    const bytes = await readFile(new URL(`../../clips/${id}.wav`, import.meta.url));
    const { samples, sampleRate } = await toWaveform(bytes, { sampleRate: 16_000 });
    const seconds = samples.length / sampleRate;
    const result = await classifier.classify(bytes);
    const windowSeconds = Math.min(WINDOW_SECONDS, seconds);
    const segments = await classifier.timeline(bytes, { windowSeconds, hopSeconds: HOP_SECONDS });
    const starts = startsOf(samples, sampleRate, said.length);
    const captions = said.map((text, i) => ({ start: starts[i]!, text: `“${text}”` }));
    const { sureAbove } = classifier.settings.calibration;
    const example = rounded({ id, name, captions, seconds, result, segments, sureAbove });
    made.push({ example, levels: await levelsOf(samples) });
  }
  const isSure = ({ example }: (typeof made)[number]) => Number(example.result.sure ?? false);
  made.sort((a, b) => isSure(b) - isSure(a) || b.example.seconds - a.example.seconds);
  const { recordings, speakers, licence } = classifier.settings.training.data;
  return {
    shipped: { model: { recordings, speakers, licence }, examples: made.map(({ example }) => example) },
    about: rounded(await makeAbout(classifier.settings)),
    levels: new Map(made.map(({ example, levels }) => [example.id, levels])),
  };
}

async function levelsOf(samples: Float32Array): Promise<Uint8Array> {
  const { columns, framesPerColumn } = layoutOf(samples.length);
  let decibels = new Float32Array();
  for await (const part of melColumns(samples)) decibels = part.decibels as Float32Array<ArrayBuffer>;
  return evened(decibels, columns, framesPerColumn);
}

/** Where the sentences begin: the ends of the longest pauses, in which the clips have no sound at all. */
function startsOf(samples: Float32Array, sampleRate: number, count: number): number[] {
  const pauses: { length: number; end: number }[] = [];
  let length = 0;
  for (const [i, sample] of samples.entries()) {
    if (Math.abs(sample) > 0.01) {
      pauses.push({ length, end: i / sampleRate });
      length = 0;
    } else length++;
  }
  const [first, ...others] = pauses as [(typeof pauses)[number], ...typeof pauses];
  const longest = others.sort((a, b) => b.length - a.length).slice(0, count - 1);
  return [first, ...longest].map(({ end }) => end).sort((a, b) => a - b);
}

/** Four digits are more than is shown. */
function rounded<T>(value: T): T {
  const round = (_: string, one: unknown) => (typeof one === 'number' ? Number(one.toFixed(4)) : one);
  return JSON.parse(JSON.stringify(value, round));
}

if (import.meta.filename === process.argv[1]) {
  const { shipped, about, levels } = await makeShipped();
  const here = (name: string) => new URL(name, import.meta.url);
  for (const [id, values] of levels) await writeFile(here(`${id}.levels`), values);
  await writeFile(here('shipped.json'), `${JSON.stringify(shipped)}\n`);
  await writeFile(here('about.json'), `${JSON.stringify(about)}\n`);
}
