// npm run bench [-- NAME]: measures, prints a table of ratios, writes bench/results/NAME.json

import { mkdir, writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import { features } from './features.ts';
import { surroundings } from './measure.ts';

const benches = { features };

tf.env().set('PROD', true);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) throw new RangeError(`Cannot bench ${unknown}: there are ${Object.keys(benches)}`);

const folder = new URL('results/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const cases = await bench();
  const table = new Table({ head: [name, 'backend', 'against', 'ours (ms)', 'theirs (ms)', 'ratio', 'aim'] });
  for (const { case: what, backend, against, ours, theirs, ratio, aim } of cases) {
    const figures = [ours.median.toFixed(2), theirs.median.toFixed(2), ratio.toFixed(1), aim];
    table.push([what, backend, against, ...figures]);
  }
  console.log(table.toString());
  const result = { name, ...surroundings(), cases };
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(result, null, 2)}\n`);
}
