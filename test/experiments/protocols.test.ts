import { LabelledDataset, RavdessDataset } from 'speech-emotion';
import { mergeDatasets } from 'speech-emotion/corpora';
import { describe, expect, it } from 'vitest';
import { PROTOCOLS } from '../../experiments/protocols/protocols.ts';
import { fakeRavdess } from '../support/fakeRavdess.ts';

const LEFT_OUT = ['ASED', 'EMOVO', 'TESS', 'TurEV-DB', 'nEMO'];
const source = (name: string) => ({ name, bytes: async () => new Uint8Array(0) });

describe('protocols (oracle: the folds that the dataset cuts)', () => {
  it.each(Object.entries(PROTOCOLS))('%s names its folds', async (_, { foldNames, folds }) => {
    const speech = await RavdessDataset.from(fakeRavdess());
    const others = LEFT_OUT.map((corpus) => LabelledDataset.from([source(`${corpus}/a/sad.wav`)], { corpus }));
    const corpora = mergeDatasets([speech, ...(await Promise.all(others))]);
    expect(folds({ speech, corpora }).map(({ name }) => name)).toEqual(foldNames);
  });
});
