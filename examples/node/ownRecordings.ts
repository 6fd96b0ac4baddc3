// a folder of your own recordings → a model of their labels: npx tsx examples/node/ownRecordings.ts FOLDER [EPOCHS]
//
// FOLDER/LABEL/SPEAKER_anything.wav, e.g. recordings/bored/anna_03.wav; labels and speakers are taken from the names.

import {
  buildCnnLstm,
  EmotionClassifier,
  evaluate,
  examplesOf,
  formatEvaluation,
  prepareExamples,
  train,
} from 'speech-emotion';
import { modelDirectory, openLabelled } from 'speech-emotion/node';
import { useBackend } from './backend.ts';

const [folder = 'recordings', epochs = '30'] = process.argv.slice(2);
await useBackend('wasm');
const dataset = await openLabelled(folder, { speaker: (name) => name.split('/').at(-1)?.split('_')[0] });
console.log(`${dataset.size} recordings of ${dataset.speakers.length} speakers: ${dataset.labels.join(', ')}`);
for (const { name, reason } of dataset.skipped) console.log(`left out: ${name}, ${reason}`);

// Speakers are kept apart: what counts is how well the model does on voices it has never heard.
const { train: seen, test } = dataset.splitBySpeaker({ speakers: Math.ceil(dataset.speakers.length / 4), seed: 1 });
const examples = await prepareExamples(dataset, { speeds: [0.94, 1.06], labels: dataset.labels });
const network = buildCnnLstm({
  classes: dataset.labels.length,
  convolution: [{ filters: 16, pool: [2, 4] }, { filters: 32 }],
  recurrent: { units: 32 },
});
const { model } = await train(network, examplesOf(examples, seen), {
  epochs: Number(epochs),
  classWeights: 'balanced',
  onProgress: (event) => {
    if (event.type === 'epoch') console.log(`epoch ${event.epoch}: loss ${event.record.loss.toFixed(3)}`);
  },
});
console.log(formatEvaluation(await evaluate(model, examplesOf(examples, test))));

using classifier = EmotionClassifier.fromModel(model);
await classifier.save(modelDirectory('runs/own-model'));
const [recording] = test;
const { label } = await classifier.classify(await recording!.bytes());
console.log(`model: runs/own-model; its answer for ${recording!.name}: ${label}`);
