import { describe, expect, it } from 'vitest';
import { sourcesFromFiles } from '../../src/browser/sources.ts';
import { LabelledDataset } from '../../src/dataset/labelledDataset.ts';
import { RavdessDataset } from '../../src/dataset/ravdessDataset.ts';
import { fakeRavdess, memorySource, tinyWav, zipOf } from '../support/fakeRavdess.ts';

/** A file of a folder upload: its path is read-only there, hence defined and not assigned. */
function uploaded(path: string, bytes: Uint8Array<ArrayBuffer> = tinyWav()): File {
  const file = new File([bytes], path.split('/').at(-1)!);
  return Object.defineProperty(file, 'webkitRelativePath', { value: path });
}

describe('sourcesFromFiles', () => {
  it('names the files of a chosen folder by their paths, so that folders are labels', async () => {
    const files = [uploaded('rec/happy/1.wav'), uploaded('rec/sad/1.wav'), uploaded('rec/.DS_Store')];
    const sources = await sourcesFromFiles(files);
    expect(sources.map(({ name }) => name)).toEqual(['rec/happy/1.wav', 'rec/sad/1.wav']);
    expect((await LabelledDataset.from(sources)).labels).toEqual(['happy', 'sad']);
  });

  it('opens archives among the files', async () => {
    const archive = new File([await zipOf(fakeRavdess('speech', [1]))], 'Actor_01.zip', { type: 'application/zip' });
    const plain = fakeRavdess('speech', [2]).map(({ name }) => new File([tinyWav()], name.split('/')[1]!));
    // A FileList is iterable, as a set is, and no array.
    const sources = await sourcesFromFiles(new Set([archive, ...plain]));
    expect(sources).toHaveLength(120);
    const dataset = await RavdessDataset.from(sources);
    expect(dataset.actors).toEqual([1, 2]);
    expect((await [...dataset][0]!.waveform()).samples).toHaveLength(160);
  });

  it('names a dropped archive that is none', async () => {
    const broken = new File([new Uint8Array(100)], 'broken.zip');
    await expect(sourcesFromFiles([broken])).rejects.toMatchObject({ code: 'DATASET', file: 'broken.zip' });
    await expect(sourcesFromFiles([new File([await zipOf([memorySource('a.wav')])], 'b.zip')])).resolves.toHaveLength(
      1,
    );
  });
});
