// RAVDESS → a quick, unbiased estimate by actor folds: npx tsx examples/node/crossValidate.ts ZIP_OR_FOLDER [EPOCHS]
//
// The library's own calls and nothing around them; `npm run evaluate` has the published training configuration, a cache and reports.

import { buildCnnLstm, crossValidate, formatEvaluation, prepareExamples } from 'speech-emotion';
import { openRavdess } from 'speech-emotion/node';
import { useBackend } from './backend.ts';

const [path = 'Audio_Speech_Actors_01-24.zip', epochs = '10'] = process.argv.slice(2);
await useBackend('wasm');
const dataset = await openRavdess(path);
const examples = await prepareExamples(dataset, { labels: dataset.labels });

// Every clip is tested once, by a network that has never heard its speaker. 'recording' instead of 'speaker' would give
// higher scores that say nothing about new speakers; crossValidate refuses it without `speakers: 'dependent'`.
const folds = dataset.folds({ folds: 2, by: 'speaker' });
const { runs } = await crossValidate(examples, folds, {
  build: (seed) =>
    buildCnnLstm({ convolution: [{ filters: 8, pool: [4, 4] }, { filters: 16 }], recurrent: { units: 16 }, seed }),
  train: { epochs: Number(epochs) },
  onProgress(event) {
    if (event.type === 'fold') console.log(`${event.fold}: UAR ${(100 * event.evaluation.uar).toFixed(1)} %`);
  },
});
console.log(formatEvaluation(runs[0]!.pooled));
