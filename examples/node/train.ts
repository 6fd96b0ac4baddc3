// RAVDESS → a trained model and its scores on actors it has never heard: npx tsx examples/node/train.ts ZIP_OR_FOLDER [EPOCHS]
//
// The library's own calls and nothing around them; `npm run train` has the published configuration, a cache and a report.

import {
  buildCnnLstm,
  evaluate,
  examplesOf,
  formatEvaluation,
  prepareExamples,
  saveModel,
  train,
} from 'speech-emotion';
import { featureWorkers, fileCheckpoint, modelDirectory, openRavdess } from 'speech-emotion/node';
import { useBackend } from './backend.ts';

const [path = 'Audio_Speech_Actors_01-24.zip', epochs = '40'] = process.argv.slice(2);
await useBackend('wasm');
const dataset = await openRavdess(path);

// Actors are kept apart: a fifth for the test, another fifth to choose the best epoch and to calibrate.
const fifth = Math.ceil(dataset.actors.length / 5);
const { train: others, test } = dataset.splitByActor({ actors: fifth, seed: 1 });
const { train: trained, test: validation } = others.splitByActor({ actors: fifth, seed: 1 });

const examples = await prepareExamples(dataset, {
  speeds: [0.94, 1.06], // copies, slower and faster, that training draws from
  labels: dataset.labels,
  executor: featureWorkers(),
});
const { model, bestEpoch } = await train(buildCnnLstm({ seed: 1 }), examplesOf(examples, trained), {
  epochs: Number(epochs),
  validation: examplesOf(examples, validation),
  checkpoint: { store: fileCheckpoint('runs/model.checkpoint') }, // the same command resumes a run that was stopped
  onProgress(event) {
    if (event.type === 'resume') console.log(`resumes after epoch ${event.epochs}`);
    if (event.type !== 'epoch') return;
    const { loss, validation } = event.record;
    console.log(
      `epoch ${event.epoch}: loss ${loss.toFixed(3)}, validation UAR ${(100 * validation!.uar).toFixed(1)} %`,
    );
  },
});
console.log(formatEvaluation(await evaluate(model, examplesOf(examples, test))));
await saveModel(model, modelDirectory('runs/model'));
console.log(`model of epoch ${bestEpoch}: runs/model; try it: npx speech-emotion classify --model runs/model FILE`);
