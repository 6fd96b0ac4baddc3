// the root of a package and the zip of argv → milliseconds that the features of some clips with four speed copies take, on two threads

import { pathToFileURL } from 'node:url';

const [root, zip, actors] = process.argv.slice(2);
const load = (entry) => import(pathToFileURL(`${root}/dist/${entry}.js`).href);
const { prepareExamples } = await load('index');
const { featureWorkers, openRavdess } = await load('node/index');
const dataset = (await openRavdess(zip)).filter((recording) => Number(recording.speaker) <= Number(actors));
const start = performance.now();
const examples = await prepareExamples(dataset, {
  speeds: [0.9, 0.95, 1.05, 1.1],
  executor: featureWorkers({ workers: 2 }),
});
console.log(JSON.stringify({ ms: performance.now() - start, clips: examples.examples.length }));
