import { readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { fromArtifact } from '../../src/model/modelArtifact.ts';
import { saidByNetwork, saidByShipped, trainStored } from '../reference/stored/stored.ts';
import { expectClose } from '../support/arrays.ts';
import { MemoryStore } from '../training/synthetic.ts';

/* What earlier versions stored is read, and says what it said. */

const stored = new URL('../reference/stored/', import.meta.url);
const clips = new URL('../../examples/clips/', import.meta.url);
const json = (name: string) => JSON.parse(readFileSync(new URL(name, stored), 'utf8'));

beforeAll(() => tf.setBackend('cpu'));

describe('what ships (oracle: what it said before, to the last bit, on cpu)', () => {
  const read = {
    pretrained: () => import('../../src/pretrained/index.ts'),
    ravdess: () => import('../../src/pretrained/ravdess.ts'),
    small: () => import('../../src/pretrained/small.ts'),
  };
  it.each(Object.entries(read))('%s', async (name, model) => {
    const classifier = await EmotionClassifier.load((await model()).pretrained);
    const files = readdirSync(clips)
      .filter((file) => file.endsWith('.wav'))
      .sort();
    const said = await saidByShipped(
      classifier,
      files.map((file) => [file, readFileSync(new URL(file, clips))]),
    );
    expect(said).toEqual(json('outputs.json')[name]);
    classifier.dispose();
  });
});

/* Their cells had loops of their own, which summed in float64; composed of tf operations since, they round each sum to float32. */
const composedSince = ['elman', 'li2018', 'secondOrder', 'sutskever2011'];

describe('what version 0.1 stored (oracle: what it said then, to the last bit unless said otherwise)', () => {
  const models = json('0.1/models.json');
  it.each(Object.keys(models))('a model: %s', async (name) => {
    const { json, weights, said } = models[name];
    const { network } = await fromArtifact({ json, weights: new Uint8Array(Buffer.from(weights, 'base64')) });
    const now = await saidByNetwork(network);
    if (composedSince.includes(name)) expectClose(now, said, 1e-6);
    else expect(now).toEqual(said);
    network.dispose();
  });

  it('a checkpoint: a run goes on from it, and ends as the unbroken one did', async () => {
    const store = new MemoryStore(new Uint8Array(readFileSync(new URL('0.1/checkpoint.bin', stored))));
    const resumed: boolean[] = [];
    const weights = await trainStored({ store }, ({ type }) => resumed.push(type === 'resume'));
    expect(resumed[0]).toBe(true);
    expect(weights).toEqual(json('0.1/trained.json'));
  });
});
