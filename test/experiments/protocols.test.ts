import { RavdessDataset } from 'speech-emotion';
import { describe, expect, it } from 'vitest';
import { PROTOCOLS } from '../../experiments/protocols/protocols.ts';
import { fakeRavdess } from '../support/fakeRavdess.ts';

describe('protocols (oracle: the folds that the dataset cuts)', () => {
  it.each(Object.entries(PROTOCOLS))('%s names its folds', async (_, { foldNames, folds }) => {
    const speech = await RavdessDataset.from(fakeRavdess());
    expect(folds(speech).map(({ name }) => name)).toEqual(foldNames);
  });
});
