// this library as it is → what it stores and says today, for stored.test.ts to hold later versions to
//
//   npx tsx test/reference/stored/make.ts outputs    what the shipped models say: outputs.json, written anew when output values move
//   npx tsx test/reference/stored/make.ts 0.1        what this version stores: a folder of that name, never written again
//
// 0.1 was made at 35befa3; the names of options then were those of that commit.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { pretrained } from 'speech-emotion/pretrained';
import { pretrained as ravdess } from 'speech-emotion/pretrained/ravdess';
import { pretrained as small } from 'speech-emotion/pretrained/small';
import { EmotionClassifier } from '../../../src/classifier/emotionClassifier.ts';
import { buildCnnLstm } from '../../../src/model/cnnLstm.ts';
import { toArtifact } from '../../../src/model/modelArtifact.ts';
import { tinySettings } from '../../model/tinyModel.ts';
import { MemoryStore } from '../../training/synthetic.ts';
import { SMALL_NETWORKS, saidByNetwork, saidByShipped, trainStored } from './stored.ts';

const here = import.meta.dirname;
const [what] = process.argv.slice(2);
await tf.setBackend('cpu');
if (what === 'outputs') await writeOutputs();
else if (what) await writeStored(`${here}/${what}`);
else throw new RangeError('Cannot make: say outputs, or the version whose stores are to be kept');

async function writeOutputs(): Promise<void> {
  const clips = `${here}/../../../examples/clips`;
  const files = readdirSync(clips)
    .filter((name) => name.endsWith('.wav'))
    .sort();
  const outputs: Record<string, unknown> = {};
  for (const [entry, model] of Object.entries({ pretrained, ravdess, small })) {
    const classifier = await EmotionClassifier.load(model);
    outputs[entry] = await saidByShipped(
      classifier,
      files.map((name) => [name, readFileSync(`${clips}/${name}`)]),
    );
    classifier.dispose();
  }
  writeFileSync(`${here}/outputs.json`, `${JSON.stringify(outputs, null, 1)}\n`);
}

async function writeStored(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const models: Record<string, unknown> = {};
  for (const [name, options] of Object.entries(SMALL_NETWORKS)) {
    const network = buildCnnLstm(options);
    const { json, weights } = await toArtifact({
      network,
      settings: tinySettings({ labels: ['calm', 'happy', 'sad'], window: { frames: 12, hopFrames: 6 } }),
    });
    models[name] = { json, weights: Buffer.from(weights).toString('base64'), said: await saidByNetwork(network) };
    network.dispose();
  }
  writeFileSync(`${folder}/models.json`, `${JSON.stringify(models)}\n`);
  const store = new MemoryStore();
  const weights = await trainStored({ store, onAbort: false });
  writeFileSync(`${folder}/checkpoint.bin`, store.versions[0]!); // after the first of two epochs
  writeFileSync(`${folder}/trained.json`, `${JSON.stringify(weights)}\n`);
}
