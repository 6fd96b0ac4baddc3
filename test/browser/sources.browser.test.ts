import { describe, expect, it } from 'vitest';
import { sourcesFromFiles } from '../../src/browser/sources.ts';
import { RavdessDataset } from '../../src/dataset/ravdessDataset.ts';
import { fakeRavdess, tinyWav, zipOf } from '../support/fakeRavdess.ts';

describe('sourcesFromFiles, in a browser', () => {
  it('reads the FileList of an input, archives and plain files mixed', async () => {
    // A DataTransfer is how a page can make a FileList of its own.
    const transfer = new DataTransfer();
    transfer.items.add(new File([await zipOf(fakeRavdess('speech', [1]))], 'Actor_01.zip'));
    transfer.items.add(new File([tinyWav()], '03-01-01-01-01-01-02.wav'));
    const dataset = await RavdessDataset.from(await sourcesFromFiles(transfer.files));
    expect(dataset.size).toBe(61);
    for (const clip of dataset) expect(await clip.bytes()).toHaveLength(tinyWav().length);
    const broken = new File([new Uint8Array(1000)], 'broken.zip');
    await expect(sourcesFromFiles([broken])).rejects.toMatchObject({ code: 'DATASET', file: 'broken.zip' });
  });
});
