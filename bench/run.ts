// npm run bench [-- NAME…]: measures, prints a table of ratios, writes bench/results/NAME.json

import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import { type Outcome, resultOf } from './result.ts';
import { inWords, threeDigits } from './words.ts';

/**
 * In the order of the pipeline. `memory` and `epoch` train on RAVDESS for minutes, `long` and `prepare` work on hours of sound, `page` and
 * `pageThreads` drive a browser for minutes: they run when they are named.
 */
const benches: Record<string, () => Promise<Outcome>> = {
  resample: async () => (await import('./resample.ts')).resampling(),
  features: async () => (await import('./features.ts')).features(),
  lstm: async () => (await import('./lstm.ts')).lstm(),
  cells: async () => (await import('./cells.ts')).cells(),
  conv: async () => (await import('./conv.ts')).conv(),
  train: async () => (await import('./train.ts')).train(),
  parallel: async () => (await import('./parallel.ts')).parallel(),
  threads: async () => (await import('./threads.ts')).threads(),
  classify: async () => (await import('./classify.ts')).classify(),
  long: async () => (await import('./long.ts')).long(),
  prepare: async () => (await import('./prepare.ts')).prepare(),
  stream: async () => (await import('./stream.ts')).stream(),
  start: async () => (await import('./start.ts')).start(),
  page: async () => (await import('./page.ts')).page(),
  pageThreads: async () => (await import('./pageThreads.ts')).pageThreads(),
  bytes: async () => (await import('./bytes.ts')).bytes(),
  epoch: async () => (await import('./ravdess.ts')).epoch(),
  memory: async () => (await import('./ravdess.ts')).memory(),
};
const onlyNamed = ['epoch', 'memory', 'long', 'prepare', 'page', 'pageThreads'];

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in benches));
if (unknown.length > 0) throw new RangeError(`Cannot bench ${unknown}: there are ${Object.keys(benches)}`);
const wanted = named.length > 0 ? named : Object.keys(benches).filter((name) => !onlyNamed.includes(name));
if (wanted.length === 1) await measure(wanted[0]!);
else for (const name of wanted) inProcessOfItsOwn(name);

/** One bench's garbage and compiled code would otherwise be the next one's disadvantage. */
function inProcessOfItsOwn(name: string): void {
  const script = fileURLToPath(import.meta.url);
  execFileSync(process.execPath, [...process.execArgv, script, name], { stdio: 'inherit' });
}

async function measure(name: string): Promise<void> {
  tf.env().set('PROD', true); // no advertisement for tfjs-node on the console
  const result = await resultOf(name, await benches[name]!());
  const head = [name, 'backend', 'against', 'ours', 'theirs', 'ratio', 'floor', 'aim'];
  const table = new Table({ head, style: { compact: true } });
  for (const { case: what, backend, against, ours, theirs, ratio, floor, aim } of result.cases) {
    table.push([
      what,
      backend,
      against,
      inWords(ours),
      inWords(theirs),
      ...[ratio, floor ?? aim, aim].map(threeDigits),
    ]);
  }
  console.log(table.toString());
  for (const { case: what, backend, by, least } of result.limits ?? []) {
    console.log(`limit of ${what} on ${backend} by ${by}: ${inWords(least)}`);
  }
  for (const reason of result.missing ?? []) console.log(`left out: ${reason}`);
  if (result.cases.length === 0) return; // an older result says more than none
  const folder = new URL('results/', import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(result, null, 2)}\n`);
}
